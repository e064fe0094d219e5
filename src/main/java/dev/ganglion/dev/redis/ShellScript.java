package dev.ganglion.dev.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Collectors;

/**
 * Loads the shell scripts that supervise child processes from outside. The code is passed to a shell on its command
 * line.
 */
public final class ShellScript {
    private ShellScript() {}

    /** Returns the code of a script in the jar, without its comments. */
    public static String code(String resource) throws IOException {
        try (InputStream script = ShellScript.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new IOException("the jar lacks " + resource);
            }
            return new String(script.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        }
    }
}
