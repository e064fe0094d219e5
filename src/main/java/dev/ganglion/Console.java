package dev.ganglion;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * What a command sees of the world around it.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param environment the environment variables
 */
record Console(PrintWriter out, PrintWriter err, Map<String, String> environment) {
    /** This process's own. */
    static Console system() {
        Charset charset = Charset.defaultCharset();
        return new Console(
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                System.getenv());
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "Console";
    }
}
