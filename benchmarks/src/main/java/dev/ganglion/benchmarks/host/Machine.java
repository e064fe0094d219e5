package dev.ganglion.benchmarks.host;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Describes the machine that a measurement ran on, without its host name. */
public final class Machine {
    private static final double KIB_PER_GIB = 1024 * 1024;
    private static final int STOLEN_FIELD = 8;
    private static final double TICKS_PER_SECOND = 100;

    private Machine() {}

    /** Describes this machine. */
    public static JsonObject describe(String redisVersion) {
        return new JsonObject()
                .put("cpu", field("/proc/cpuinfo", "model name"))
                .put("cores", cores())
                .put("memory_gib", Math.round(kib("MemTotal") / KIB_PER_GIB))
                .put(
                        "kernel",
                        System.getProperty("os.name") + " "
                                + System.getProperty("os.version").replaceFirst("-.*", ""))
                .put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"))
                .put("redis", redisVersion);
    }

    /** Number of processors. */
    public static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Number of event loops that a brain has on this machine. */
    public static int eventLoops() {
        return Math.max(2, cores());
    }

    /** Load average of the last minute, which shows whether the machine was quiet. */
    public static double load() {
        return Double.parseDouble(read("/proc/loadavg").split(" ", -1)[0]);
    }

    /** Seconds of processor time that the host has withheld from this machine since its start (steal time). */
    public static double stolenSeconds() {
        String[] fields = read("/proc/stat").lines().findFirst().orElseThrow().split(" +", -1);
        return fields.length > STOLEN_FIELD ? Double.parseDouble(fields[STOLEN_FIELD]) / TICKS_PER_SECOND : 0;
    }

    private static double kib(String name) {
        return Double.parseDouble(field("/proc/meminfo", name).split(" ", -1)[0]);
    }

    private static String field(String file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + file + "; run the benchmarks on Linux", e);
        }
    }
}
