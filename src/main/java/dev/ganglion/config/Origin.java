package dev.ganglion.config;

import java.nio.file.Path;

/**
 * Where a value came from.
 *
 * @param kind which source; a later one wins over an earlier one
 * @param place where in it, in words
 */
public record Origin(Kind kind, String place) {
    /** The sources, in the order of their precedence. */
    public enum Kind {
        /** The table of keys. */
        DEFAULT,
        /** What a command puts in the place of the defaults. */
        PRESET,
        /** The configuration file. */
        FILE,
        /** The environment. */
        ENVIRONMENT,
        /** The command line. */
        FLAG
    }

    static Origin defaults() {
        return new Origin(Kind.DEFAULT, "default");
    }

    static Origin preset() {
        return new Origin(Kind.PRESET, "set by the command");
    }

    static Origin file(Path file, int line) {
        return new Origin(Kind.FILE, file + ":" + line);
    }

    static Origin environment(String variable) {
        return new Origin(Kind.ENVIRONMENT, "environment " + variable);
    }

    static Origin flag(String name) {
        return new Origin(Kind.FLAG, "command line " + name);
    }

    @Override
    public String toString() {
        return place;
    }
}
