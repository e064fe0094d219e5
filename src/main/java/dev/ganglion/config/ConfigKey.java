package dev.ganglion.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One key of the configuration, with all that is known about it.
 *
 * @param <T> what its value is
 * @param name as it stands in the file, with dots between sections
 * @param type how its text is read and checked
 * @param defaultText its default as a user would write it; empty if it has none and need not be set
 * @param description what it means, one sentence or two
 */
public record ConfigKey<T>(String name, ValueType<T> type, Optional<String> defaultText, String description) {
    /** What every environment variable of ours begins with. */
    static final String PREFIX = "GANGLION_";

    /** What a key or variable ends with that names a file with the secret in it. */
    static final String FILE_SUFFIX = "-file";

    /** The environment variable that sets it: {@code http.port} is {@code GANGLION_HTTP_PORT}. */
    public String variable() {
        return variable(name);
    }

    static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The outermost section that it stands in; empty if it stands alone. */
    String section() {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }

    /** The key that names a file to read this one's secret from. */
    public String fileName() {
        return name + FILE_SUFFIX;
    }

    /** Whether its value is masked everywhere and may be read from a file of its own. */
    public boolean secret() {
        return type.secret();
    }

    /** Its allowed values, for people. */
    public String range() {
        return type.range();
    }
}
