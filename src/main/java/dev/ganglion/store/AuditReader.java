package dev.ganglion.store;

import dev.ganglion.auth.AuditStore;
import dev.ganglion.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The audit of a Redis, read without a brain. */
public final class AuditReader {
    private final SharedLine line;

    /** A reader that is not yet connected. */
    public AuditReader(Vertx vertx, RedisConfig config) {
        this.line = new SharedLine(
                vertx, new RedisLine(vertx, new RedisPlace(vertx, config), "audit"), vertx.getOrCreateContext());
    }

    /** Connects, and keeps trying. */
    public Future<AuditStore> open() {
        return line.start().map(done -> new RedisAudit(line));
    }

    /** Disconnects. */
    public Future<Void> close() {
        return line.close();
    }
}
