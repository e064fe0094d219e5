package dev.ganglion.benchmarks.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Resource usage of a process, read from {@code /proc}.
 *
 * @param cpuSeconds CPU time since the process started, user and kernel mode, all threads
 * @param residentBytes resident memory
 * @param descriptors number of open file descriptors
 */
public record ProcessFigures(double cpuSeconds, long residentBytes, int descriptors) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int PAGE_BYTES = 4096;
    private static final int USER_TIME = 11;
    private static final int KERNEL_TIME = 12;
    private static final int ENDED_KERNEL_TIME = 14;
    private static final int RESIDENT_PAGES = 21;

    /** Reads the current usage of this process. */
    public static ProcessFigures own() {
        return of(ProcessHandle.current().pid());
    }

    /** Reads the current usage of a process on this machine. */
    public static ProcessFigures of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(proc.resolve("stat"));
            // The fields follow the process name in parentheses, which may contain any character.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[KERNEL_TIME]);
            return new ProcessFigures(
                    ticks / TICKS_PER_SECOND, Long.parseLong(fields[RESIDENT_PAGES]) * PAGE_BYTES, count(proc));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot read process " + pid + ": it has ended, or it belongs to another user", e);
        }
    }

    /** CPU seconds of a process and all its descendants, including descendants that have ended. */
    public static double treeCpuSeconds(long pid) {
        return ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants()))
                .orElseThrow(() -> new IllegalStateException("Process " + pid + " has ended"))
                .mapToDouble(process -> withEnded(process.pid()))
                .sum();
    }

    /**
     * CPU seconds of a process and of its ended children. A process that ends during the reading counts 0, because its
     * parent reports its time.
     */
    private static double withEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = 0;
            for (int i = USER_TIME; i <= ENDED_KERNEL_TIME; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    private static int count(Path proc) throws IOException {
        try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
            return (int) open.count();
        }
    }
}
