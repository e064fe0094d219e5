package dev.ganglion.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Gives a command access to its output streams and environment.
 *
 * @param out stream for the requested output
 * @param err stream for error messages
 * @param environment environment variables
 */
public record Console(PrintWriter out, PrintWriter err, Map<String, String> environment) {
    /** Returns the console of this process. */
    public static Console system() {
        Charset charset = Charset.defaultCharset();
        return new Console(
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                System.getenv());
    }

    /** Omits the environment, which may contain secrets. */
    @Override
    public String toString() {
        return "Console";
    }
}
