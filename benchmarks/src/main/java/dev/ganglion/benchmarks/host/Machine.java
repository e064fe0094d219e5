package dev.ganglion.benchmarks.host;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on; names nobody's machine. */
public final class Machine {
    private static final double KIB_PER_GIB = 1024 * 1024;

    private Machine() {}

    /** Describes this machine. */
    public static JsonObject describe(String redisVersion) {
        return new JsonObject()
                .put("cpu", field("/proc/cpuinfo", "model name"))
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("memory_gib", Math.round(kib("MemTotal") / KIB_PER_GIB))
                .put(
                        "kernel",
                        System.getProperty("os.name") + " "
                                + System.getProperty("os.version").replaceFirst("-.*", ""))
                .put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"))
                .put("redis", redisVersion);
    }

    /** The load average of the last minute: whether the machine was quiet. */
    public static double load() {
        return Double.parseDouble(read("/proc/loadavg").split(" ")[0]);
    }

    private static double kib(String name) {
        return Double.parseDouble(field("/proc/meminfo", name).split(" ")[0]);
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
            throw new IllegalStateException(file + " cannot be read: benchmarks need Linux", e);
        }
    }
}
