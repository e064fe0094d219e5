package dev.ganglion.dev.redis;

import dev.ganglion.config.value.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Describes a Redis server to start.
 *
 * @param binaries directory for the extracted server
 * @param server server to run instead of the bundled one
 * @param data directory for its data, log and lock
 * @param port port on the loopback address, 0 for any free port
 * @param password password of the server; generated at start if empty
 * @param directives further configuration lines, which override the built-in ones
 */
public record RedisSpec(
        Path binaries, Optional<Path> server, Path data, int port, Optional<Secret> password, List<String> directives) {
    /** Returns the description of the Redis in a home directory, on any free port. */
    public static RedisSpec inHome(Path home) {
        return new RedisSpec(
                home.resolve("bin"), Optional.empty(), home.resolve("redis"), 0, Optional.empty(), List.of());
    }

    /** Returns a copy with another data directory. */
    public RedisSpec withData(Path other) {
        return new RedisSpec(binaries, server, other, port, password, directives);
    }

    /** Returns a copy with a server to run instead of the bundled one. */
    public RedisSpec withServer(Path other) {
        return new RedisSpec(binaries, Optional.of(other), data, port, password, directives);
    }

    /** Returns a copy with this port. */
    public RedisSpec withPort(int other) {
        return new RedisSpec(binaries, server, data, other, password, directives);
    }

    /** Returns a copy with this password. */
    public RedisSpec withPassword(Secret other) {
        return new RedisSpec(binaries, server, data, port, Optional.of(other), directives);
    }

    /** Returns a copy with these further configuration lines. */
    public RedisSpec withDirectives(String... lines) {
        return new RedisSpec(binaries, server, data, port, password, List.of(lines));
    }
}
