package dev.ganglion.benchmarks.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU seconds of a brain's threads by kind, read from {@code /proc}. Threads that have ended are not counted. The
 * threads counted here live as long as their process.
 *
 * @param loops event loops: sockets, frames, the Redis client
 * @param workers worker threads: projections of stored events
 * @param collector the garbage collector
 * @param compiler the JIT compiler
 */
public record ThreadCpu(double loops, double workers, double collector, double compiler) {
    /** No CPU time at all. */
    public static final ThreadCpu NONE = new ThreadCpu(0, 0, 0, 0);

    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TIME = 11;
    private static final int KERNEL_TIME = 12;
    /** Prefixes of thread names. The kernel keeps the first 15 characters of a name. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "loops", List.of("vert.x-eventloo"),
            "workers", List.of("vert.x-worker-t"),
            "collector", List.of("GC Thread", "G1 ", "ParGC", "VM Thread"),
            "compiler", List.of("C1 Compiler", "C2 Compiler"));

    /** Reads the current CPU times of a process on this machine. */
    public static ThreadCpu of(long pid) {
        Map<String, Double> sums = new LinkedHashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                add(thread, sums);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot read process " + pid + ": it has ended, or it belongs to another user", e);
        }
        return new ThreadCpu(
                sums.getOrDefault("loops", 0.0),
                sums.getOrDefault("workers", 0.0),
                sums.getOrDefault("collector", 0.0),
                sums.getOrDefault("compiler", 0.0));
    }

    private static void add(Path thread, Map<String, Double> sums) {
        String stat;
        try {
            stat = Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return; // The thread has ended.
        }
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double seconds = (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[KERNEL_TIME])) / TICKS_PER_SECOND;
        NAMES.forEach((what, starts) -> {
            if (starts.stream().anyMatch(name::startsWith)) {
                sums.merge(what, seconds, Double::sum);
            }
        });
    }

    /** Adds the CPU times of another process. */
    public ThreadCpu plus(ThreadCpu other) {
        return new ThreadCpu(
                loops + other.loops, workers + other.workers, collector + other.collector, compiler + other.compiler);
    }
}
