package dev.ganglion;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Collectors;

/** The scripts that watch over processes of ours from outside; a shell takes them on its command line. */
final class ShellScript {
    private ShellScript() {}

    /** The code of a script of the jar, without its comments. */
    static String code(String resource) throws IOException {
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
