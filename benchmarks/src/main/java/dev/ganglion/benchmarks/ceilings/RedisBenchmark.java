package dev.ganglion.benchmarks.ceilings;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;

/** Runs {@code redis-benchmark} (Debian: redis-tools) with a plain XADD, to compare it with our own replay. */
public final class RedisBenchmark {
    private RedisBenchmark() {}

    /** Requests per second; empty if the tool is not installed. */
    public static OptionalDouble plainXadd(int port, String password, int connections, int depth, int payload, int n) {
        List<String> command = List.of(
                "redis-benchmark",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-a",
                password,
                "-c",
                Integer.toString(connections),
                "-P",
                Integer.toString(depth),
                "-n",
                Integer.toString(n),
                "--csv",
                "-x",
                "XADD",
                "bench:plain",
                "*",
                "a",
                "6301bbfc-a0c5-454e-8ff9-bb510944fe0c",
                "e");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(Recording.randomText(payload).getBytes(StandardCharsets.US_ASCII));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.lines()
                    .filter(line -> line.startsWith("\"XADD"))
                    .map(line -> line.substring(line.indexOf("\",\"") + 3).split("\"", -1)[0])
                    .mapToDouble(Double::parseDouble)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
