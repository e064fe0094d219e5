package dev.ganglion;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Starts a process in a session of its own where that can be had, so that Ctrl-C reaches us and not it before us. */
final class OwnSession {
    private OwnSession() {}

    /** What stands before the command; it keeps the process id. */
    static List<String> prefix() {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean there = Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "setsid")));
        return there ? List.of("setsid") : List.of();
    }
}
