package dev.ganglion.config.key;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds keys by name or by variable, and suggests a known key for a misspelt one. Secrets are also found by the name of
 * the key for their file.
 */
public final class KnownKeys {
    private static final Map<String, Slot> BY_NAME = index(Slot::name);
    private static final Map<String, Slot> BY_VARIABLE = index(Slot::variable);

    private KnownKeys() {}

    /**
     * Names one way to set a key.
     *
     * @param key the key
     * @param fromFile whether the given text is the path of a file that contains the value
     */
    public record Slot(ConfigKey<?> key, boolean fromFile) {
        public String name() {
            return fromFile ? key.fileName() : key.name();
        }

        public String variable() {
            return ConfigKey.variable(name());
        }
    }

    public static Optional<Slot> byName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    public static Optional<Slot> byVariable(String variable) {
        return Optional.ofNullable(BY_VARIABLE.get(variable));
    }

    /** Returns whether any key belongs to the section of this name. */
    public static boolean isSection(String name) {
        return BY_NAME.keySet().stream().anyMatch(known -> known.startsWith(name + "."));
    }

    /** Returns the key that the user most likely meant by an unknown name or variable, if there is a similar one. */
    public static Optional<Slot> nearest(String wrong) {
        String plain = plain(wrong.startsWith(ConfigKey.PREFIX) ? wrong.substring(ConfigKey.PREFIX.length()) : wrong);
        Optional<Slot> sameEnd = BY_NAME.values().stream()
                .filter(slot -> sameEnd(plain, plain(slot.name())))
                .min(Comparator.comparingInt(slot -> ConfigKeys.all().indexOf(slot.key())));
        return sameEnd.or(() -> BY_NAME.values().stream()
                .filter(slot -> Spelling.distance(plain, plain(slot.name())) <= Math.max(2, plain.length() / 4))
                .min(Comparator.<Slot>comparingInt(slot -> Spelling.distance(plain, plain(slot.name())))
                        .thenComparing(Slot::name)));
    }

    /** Returns whether the names are equal, or one is the other with a section in front. */
    private static boolean sameEnd(String one, String other) {
        return one.equals(other) || one.endsWith("-" + other) || other.endsWith("-" + one);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('.', '-').replace('_', '-');
    }

    private static Map<String, Slot> index(Function<Slot, String> by) {
        Map<String, Slot> index = new HashMap<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            put(index, by, new Slot(key, false));
            if (key.secret()) {
                put(index, by, new Slot(key, true));
            }
        }
        return Map.copyOf(index);
    }

    private static void put(Map<String, Slot> index, Function<Slot, String> by, Slot slot) {
        if (index.put(by.apply(slot), slot) != null) {
            throw new IllegalStateException("two keys share the name " + by.apply(slot));
        }
    }
}
