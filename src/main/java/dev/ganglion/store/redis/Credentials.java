package dev.ganglion.store.redis;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.SecretFiles;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The passwords for new connections. Passwords in files are read again before each attempt to connect; a file that
 * cannot be read leaves its last password in force. Thread-safe.
 */
final class Credentials {
    private static final String PASSWORD_FILE = "redis.password-file";

    private final Vertx vertx;
    private final RedisConfig config;
    private volatile State state;

    /** The passwords at one time; {@code trouble} says which file cannot be read, or is empty. */
    private record State(RedisUri uri, Optional<Secret> sentinel, String trouble) {}

    Credentials(Vertx vertx, RedisConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.state = new State(config.uri(), config.sentinelPassword(), "");
    }

    /** Reads the files again. Never fails. */
    Future<Void> refresh() {
        return config.files().any()
                ? vertx.executeBlocking(this::reread, false).map(read -> {
                    state = read;
                    return null;
                })
                : Future.succeededFuture();
    }

    private State reread() {
        State last = state;
        SecretFiles files = config.files();
        StringBuilder trouble = new StringBuilder();
        RedisUri uri = files.password()
                .flatMap(file -> secret(file, PASSWORD_FILE, trouble))
                .map(last.uri()::withPassword)
                .orElse(last.uri());
        Optional<Secret> sentinel = files.sentinelPassword()
                .flatMap(file -> secret(file, "redis.sentinel-password-file", trouble))
                .or(last::sentinel);
        return new State(uri, sentinel, trouble.toString());
    }

    private static Optional<Secret> secret(Path file, String key, StringBuilder trouble) {
        try {
            String text = SecretFiles.read(file);
            if (!text.isEmpty()) {
                return Optional.of(Secret.of(text));
            }
            trouble.append("; the file in ").append(key).append(" is empty");
        } catch (IOException e) {
            trouble.append("; the file in ").append(key).append(" cannot be read");
        }
        return Optional.empty();
    }

    /** Returns the address of a server, with the present password. */
    RedisUri at(RedisAddress address) {
        return state.uri().at(address);
    }

    /** Returns the address of a sentinel, with the present password. */
    RedisUri sentinelAt(RedisAddress address) {
        return state.uri().sentinelAt(address, state.sentinel());
    }

    /** Adds to a refused password that its file cannot be read. */
    StoreFault explained(StoreFault fault) {
        boolean refused = fault.reason() == Reason.WRONG_PASSWORD || fault.reason() == Reason.NO_PASSWORD;
        return refused && !state.trouble().isEmpty()
                ? new StoreFault(fault.reason(), fault.server(), fault.detail() + state.trouble())
                : fault;
    }
}
