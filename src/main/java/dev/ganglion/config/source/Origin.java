package dev.ganglion.config.source;

import java.nio.file.Path;

/**
 * Describes the origin of a value.
 *
 * @param kind source of the value; a later source overrides an earlier one
 * @param place place within the source, in words
 */
public record Origin(Kind kind, String place) {
    /** The sources, in ascending order of precedence. */
    public enum Kind {
        /** The default of the key. */
        DEFAULT,
        /** A value with which a command replaces the default. */
        PRESET,
        /** The configuration file. */
        FILE,
        /** An environment variable. */
        ENVIRONMENT,
        /** The command line. */
        FLAG
    }

    public static Origin defaults() {
        return new Origin(Kind.DEFAULT, "default");
    }

    public static Origin preset() {
        return new Origin(Kind.PRESET, "set by the command");
    }

    static Origin file(Path file, int line) {
        return new Origin(Kind.FILE, file + ":" + line);
    }

    static Origin environment(String variable) {
        return new Origin(Kind.ENVIRONMENT, "environment " + variable);
    }

    public static Origin flag(String name) {
        return new Origin(Kind.FLAG, "command line " + name);
    }

    @Override
    public String toString() {
        return place;
    }
}
