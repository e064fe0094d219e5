package dev.ganglion.dev.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;

/** Extracts the Redis server that is bundled in the jar for each platform. */
public final class RedisBinary {
    static final String VERSION = "7.0.15";

    private static final String NAME = "redis-server-" + VERSION;

    private RedisBinary() {}

    /** Extracts the server for this machine into a directory, unless the identical file exists. */
    public static Path extracted(Path directory) {
        Path binary = directory.resolve(NAME);
        try {
            byte[] bundled = resource(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
            Files.createDirectories(directory);
            if (!isSame(binary, bundled)) {
                replace(binary, bundled);
            }
            return binary.toRealPath();
        } catch (IOException e) {
            throw new RedisProcessException("cannot extract the Redis server to " + directory + ": " + e, e);
        }
    }

    private static boolean isSame(Path binary, byte[] bundled) throws IOException {
        return Files.isExecutable(binary)
                && Files.size(binary) == bundled.length
                && Arrays.equals(Files.readAllBytes(binary), bundled);
    }

    /**
     * Moves the complete file into place atomically, so that a process that starts at the same time never runs a
     * partial file.
     */
    private static void replace(Path binary, byte[] bundled) throws IOException {
        Path fresh = Files.createTempFile(binary.getParent(), NAME, ".new");
        try {
            Files.write(fresh, bundled);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, binary, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    static byte[] resource(String osName, String osArch) throws IOException {
        String name = NAME + "-" + system(osName) + "-" + architecture(osArch);
        try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new RedisProcessException("no Redis server is bundled for " + osName + " on " + osArch
                        + " (only for Linux and macOS on x86-64 and ARM64): start Redis yourself and set redis.uri");
            }
            return in.readAllBytes();
        }
    }

    private static String system(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name;
    }

    private static String architecture(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "i386", "x86" -> "386";
            default -> osArch;
        };
    }
}
