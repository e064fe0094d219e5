package dev.ganglion;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of packages below {@code dev.ganglion}: which of our own packages each of them may use.
 *
 * <p>A row reads {@code package: uses}. {@code name..} stands for a package with its sub-packages, {@code root} for
 * {@code dev.ganglion} itself, and {@code *} for all packages. Sub-packages have rows of their own.
 */
final class FloorPlan {
    private static final String ROOT = "dev.ganglion";

    private final Map<String, List<String>> rows = new LinkedHashMap<>();

    /** Reads a table; empty lines are ignored. */
    static FloorPlan of(String table) {
        FloorPlan plan = new FloorPlan();
        table.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split(":", 2);
            plan.rows.put(parts[0].strip(), List.of(parts[1].strip().split("\\s+", -1)));
        });
        return plan;
    }

    /** Reads a list of types: rows of {@code package: Type Type …}; a package may have several rows. */
    static Set<String> typesOf(String table) {
        Set<String> types = new TreeSet<>();
        table.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] parts = line.split(":", 2);
            for (String type : parts[1].strip().split("\\s+", -1)) {
                types.add(parts[0].strip() + "." + type);
            }
        });
        return types;
    }

    /** The packages that have a row. */
    Set<String> packages() {
        return rows.keySet();
    }

    /** The name of a package in this table, or {@code null} for packages that are not ours. */
    static @Nullable String packageOf(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        if (name.equals(ROOT)) {
            return "root";
        }
        return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : null;
    }

    /** The first part of a package's name: the room that sister packages share. */
    static String roomOf(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** Whether classes of one package may use classes of another. */
    boolean allows(String from, String to) {
        return from.equals(to)
                || rows.getOrDefault(from, List.of()).stream()
                        .anyMatch(pattern -> pattern.equals("*")
                                || pattern.equals(to)
                                || (pattern.endsWith("..")
                                        && isWithin(to, pattern.substring(0, pattern.length() - 2))));
    }

    private static boolean isWithin(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }

    /** The packages of ours, other than its own, whose classes use a class. */
    static Set<String> usersOf(JavaClass type) {
        String own = packageOf(type);
        return type.getDirectDependenciesToSelf().stream()
                .map(dependency -> packageOf(dependency.getOriginClass()))
                .filter(user -> user != null && !user.equals(own))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
