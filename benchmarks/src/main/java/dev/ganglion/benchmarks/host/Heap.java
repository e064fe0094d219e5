package dev.ganglion.benchmarks.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of a JVM of this machine, by {@code jcmd}. */
public final class Heap {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    /** So many that nothing is left to finalizers and references. */
    private static final int THOROUGH = 3;

    private static final long LIMIT_SECONDS = 60;

    private Heap() {}

    /** Has it collect all garbage, and gives the bytes that are left. */
    public static long liveBytes(long pid) {
        return liveBytes(pid, THOROUGH);
    }

    /** Has it collect garbage so many times, and gives the bytes that are left: each holds up what it does. */
    public static long liveBytes(long pid, int collections) {
        for (int i = 0; i < collections; i++) {
            String unused = jcmd(pid, "GC.run");
        }
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("jcmd does not say how much of the heap is used");
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
            throw new IllegalStateException("jcmd cannot be run: a JDK is needed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
