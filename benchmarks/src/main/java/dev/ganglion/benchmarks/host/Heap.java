package dev.ganglion.benchmarks.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the live heap of a JVM on this machine with {@code jcmd}. */
public final class Heap {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    /** Collections after which finalizers and references hold no more garbage. */
    private static final int THOROUGH = 3;

    private static final long LIMIT_SECONDS = 60;

    private Heap() {}

    /** Collects garbage three times and returns the bytes that remain in use. */
    public static long liveBytes(long pid) {
        return liveBytes(pid, THOROUGH);
    }

    /**
     * Collects garbage the given number of times and returns the bytes that remain in use. Each collection pauses the
     * JVM.
     */
    public static long liveBytes(long pid, int collections) {
        for (int i = 0; i < collections; i++) {
            String unused = jcmd(pid, "GC.run");
        }
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("jcmd does not report the used heap");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    private static String jcmd(long pid, String command) {
        try {
            String binary =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            Process process = new ProcessBuilder(binary, Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("jcmd " + command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot run jcmd; run the benchmarks with a JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
