package dev.ganglion.dev.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The log of one run of a Redis server.
 *
 * @param file log file, to which all runs append
 * @param start offset in bytes at which the lines of this run begin
 */
record RedisLog(Path file, long start) {
    private static final int LINES = 2;

    static RedisLog from(Path file) throws IOException {
        return new RedisLog(file, Files.exists(file) ? Files.size(file) : 0);
    }

    /** Returns the last two lines of the run, joined into one line. */
    String lastLines() {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(start);
            List<String> lines = new String(in.readAllBytes(), UTF_8).lines().toList();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return "see " + file;
        }
    }
}
