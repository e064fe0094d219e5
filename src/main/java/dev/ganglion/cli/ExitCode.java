package dev.ganglion.cli;

/** Exit codes of the process. Every {@code --help} lists them. */
public final class ExitCode {
    static final int OK = 0;
    public static final int FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int INVALID_CONFIGURATION = 3;

    /** Exit code of {@code audit verify} and {@code audit repair} for a broken chain. */
    static final int BROKEN_CHAIN = 4;

    private ExitCode() {}
}
