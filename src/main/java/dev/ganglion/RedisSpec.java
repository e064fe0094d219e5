package dev.ganglion;

import dev.ganglion.config.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What Redis to start.
 *
 * @param binaries the directory that keeps the extracted server
 * @param server the server to run instead of the one that is brought along
 * @param data the directory that keeps its data, its log and its lock
 * @param port its port on the loopback address, 0 for any free one
 * @param password its password; made at start if there is none
 * @param directives more lines of its configuration, which win over ours
 */
public record RedisSpec(
        Path binaries, Optional<Path> server, Path data, int port, Optional<Secret> password, List<String> directives) {
    /** The Redis of a brain's home, on any free port. */
    public static RedisSpec inHome(Path home) {
        return new RedisSpec(
                home.resolve("bin"), Optional.empty(), home.resolve("redis"), 0, Optional.empty(), List.of());
    }

    /** The same with another data directory. */
    public RedisSpec withData(Path other) {
        return new RedisSpec(binaries, server, other, port, password, directives);
    }

    /** The same with a server of choice. */
    public RedisSpec withServer(Path other) {
        return new RedisSpec(binaries, Optional.of(other), data, port, password, directives);
    }

    /** The same on a port of choice. */
    public RedisSpec withPort(int other) {
        return new RedisSpec(binaries, server, data, other, password, directives);
    }

    /** The same with a password of choice. */
    public RedisSpec withPassword(Secret other) {
        return new RedisSpec(binaries, server, data, port, Optional.of(other), directives);
    }

    /** The same with more lines of configuration. */
    public RedisSpec withDirectives(String... lines) {
        return new RedisSpec(binaries, server, data, port, password, List.of(lines));
    }
}
