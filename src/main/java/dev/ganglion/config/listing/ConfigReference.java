package dev.ganglion.config.listing;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.ConfigKeys;
import java.util.ArrayList;
import java.util.List;

/** Documents all configuration keys for people: as the commented reference file and as a Markdown table. */
public final class ConfigReference {
    private static final String HEADER = """
            # The configuration of a Ganglion brain: every key at its default. A key without a value is not set.
            #
            # A later source overrides an earlier one: the defaults, this file, environment variables, the command line
            # (--set key=value). The variable of a key is its name in capitals, with GANGLION_ in front and _ for dots and dashes:
            # http.port is GANGLION_HTTP_PORT. An empty variable counts as not set.
            #
            # Durations and sizes need a unit: ms s m h d, B KiB MiB GiB TiB PiB. A list is a YAML list; in a variable, commas
            # separate its entries. A secret can be read from a file: master-secret-file (or GANGLION_MASTER_SECRET_FILE) names a
            # file that contains master-secret; the last line end is ignored. A file for a list of secrets has one secret per line.
            # Relative paths start at the working directory.
            """;

    private ConfigReference() {}

    /** Returns the reference file, which lists every key at its default with its meaning and its allowed values. */
    public static String yaml() {
        YamlWriter writer = new YamlWriter();
        HEADER.lines().forEach(writer::line);
        String section = "";
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (key.section().isEmpty() || !key.section().equals(section)) {
                writer.line("");
            }
            section = key.section();
            writer.key(
                    key.name(),
                    comments(key),
                    key.defaultText().map(text -> YamlWriter.value(key, text)).orElse(""));
        }
        return writer.toString();
    }

    private static List<String> comments(ConfigKey<?> key) {
        List<String> comments = new ArrayList<>();
        comments.add(key.description());
        comments.add("Allowed: " + key.range() + (key.secret() ? "; or a file: " + key.fileName() : ""));
        return comments;
    }

    /** Returns the Markdown table with the columns key, variable, default, allowed values and meaning. */
    public static String markdown() {
        StringBuilder table =
                new StringBuilder("| Key | Variable | Default | Allowed | Meaning |\n|---|---|---|---|---|\n");
        for (ConfigKey<?> key : ConfigKeys.all()) {
            String name = "`" + key.name() + "`";
            String variable = "`" + key.variable() + "`";
            String preset = key.defaultText()
                    .filter(text -> !text.isEmpty())
                    .map(text -> "`" + text + "`")
                    .orElse("-");
            String cells = String.join(" | ", name, variable, preset, key.range(), key.description());
            table.append("| ").append(cells).append(" |\n");
        }
        return table.toString();
    }
}
