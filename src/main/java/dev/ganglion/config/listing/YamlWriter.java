package dev.ganglion.config.listing;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.value.ListType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes keys with dotted names as nested YAML. */
final class YamlWriter {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9._/@+-]*(:[A-Za-z0-9._/@+-]+)*");
    private static final Set<String> WORDS = Set.of("null", "true", "false", "yes", "no", "on", "off");
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    private List<String> section = List.of();

    /** Opens the sections that the name needs, then writes the comments and below them the key with its value. */
    void key(String name, List<String> comments, String value) {
        List<String> path = Arrays.asList(name.split("\\."));
        List<String> parents = path.subList(0, path.size() - 1);
        if (!parents.equals(section)) {
            open(parents);
        }
        String indent = INDENT.repeat(parents.size());
        comments.forEach(comment -> line(indent + "# " + comment));
        line(indent + path.get(path.size() - 1) + ":" + (value.isEmpty() ? "" : " " + value));
    }

    private void open(List<String> parents) {
        for (int depth = 0; depth < parents.size(); depth++) {
            boolean isOpen =
                    section.size() > depth && section.subList(0, depth + 1).equals(parents.subList(0, depth + 1));
            if (!isOpen) {
                line(INDENT.repeat(depth) + parents.get(depth) + ":");
            }
        }
        section = List.copyOf(parents);
    }

    void line(String text) {
        out.append(text).append('\n');
    }

    /** Converts a value, as formatted by {@code ValueType#format}, to YAML. */
    static String value(ConfigKey<?> key, String shown) {
        if (!(key.type() instanceof ListType)) {
            return quoted(shown);
        }
        return Arrays.stream(shown.split(", "))
                .filter(item -> !item.isEmpty())
                .map(YamlWriter::quoted)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text);
        return plain ? text : "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
