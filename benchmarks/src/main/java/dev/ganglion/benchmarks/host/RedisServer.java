package dev.ganglion.benchmarks.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the machine's own {@code redis-server} (Debian: redis-server), the kind of Redis that a production brain uses.
 * The bundled Redis is meant for a first look: it lacks an allocator of its own and uses more CPU time.
 */
public final class RedisServer {
    private static final Pattern VERSION = Pattern.compile(" v=(\\S+).* malloc=(\\S+)");

    private RedisServer() {}

    /** Path of the server; empty if none is installed. */
    public static Optional<Path> installed() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Version and allocator of the installed server, or {@code otherwise} if none is installed. */
    public static String version(String otherwise) {
        return installed().flatMap(RedisServer::ask).orElse(otherwise);
    }

    private static Optional<String> ask(Path server) {
        try {
            Process process = new ProcessBuilder(server.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(output);
            return version.find() ? Optional.of(version.group(1) + " (" + version.group(2) + ")") : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
