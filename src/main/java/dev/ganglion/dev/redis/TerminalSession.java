package dev.ganglion.dev.redis;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a process in its own terminal session where {@code setsid} is available. Ctrl-C then reaches only this
 * process, which can stop the other one cleanly.
 */
public final class TerminalSession {
    private TerminalSession() {}

    /** Returns the words to put before the command. The started process keeps the process id. */
    public static List<String> prefix() {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean available = Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "setsid")));
        return available ? List.of("setsid") : List.of();
    }
}
