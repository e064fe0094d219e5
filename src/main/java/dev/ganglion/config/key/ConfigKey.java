package dev.ganglion.config.key;

import dev.ganglion.config.value.ValueType;
import java.util.Locale;
import java.util.Optional;

/**
 * Describes one configuration key: its name, type, default and meaning.
 *
 * @param <T> type of the key's value
 * @param name name of the key as written in the file, with dots between sections
 * @param type parser and validator of the value
 * @param defaultText default as a user would write it; empty if the key is optional and has no default
 * @param description meaning of the key, in one or two sentences
 */
public record ConfigKey<T>(String name, ValueType<T> type, Optional<String> defaultText, String description) {
    /** Prefix of all Ganglion environment variables. */
    public static final String PREFIX = "GANGLION_";

    /** Suffix of a key or variable that names a file which contains the secret. */
    static final String FILE_SUFFIX = "-file";

    /** Returns the environment variable for this key: {@code http.port} becomes {@code GANGLION_HTTP_PORT}. */
    public String variable() {
        return variable(name);
    }

    static String variable(String name) {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Returns the outermost section of the key, or an empty text if the key belongs to no section. */
    public String section() {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }

    /** Returns the name of the key that gives the path of a file with this key's secret. */
    public String fileName() {
        return name + FILE_SUFFIX;
    }

    /**
     * Returns whether the value is a secret. Secrets are masked in all output and may be read from a file of their own.
     */
    public boolean secret() {
        return type.secret();
    }

    /** Returns a description of the allowed values for people. */
    public String range() {
        return type.range();
    }
}
