package dev.ganglion.store.people;

import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Reads the audit in a Redis without a running brain. */
public final class AuditReader {
    private final SharedLine line;

    /** Creates a reader that is not yet connected. */
    public AuditReader(Vertx vertx, RedisConfig config, Ticker ticker) {
        this.line = new SharedLine(
                vertx,
                new RedisLine(vertx, new RedisServers(vertx, config), "audit", ticker),
                vertx.getOrCreateContext(),
                ticker);
    }

    /** Connects to Redis. Retries until the connection succeeds. */
    public Future<AuditStore> open() {
        return line.start().map(done -> new RedisAudit(line));
    }

    /** Returns the audit with the refused calls beside it, once the connection is open. */
    AuditLog log(AuditStore audit) {
        return new RedisAuditLog(line, audit);
    }

    /** Disconnects from Redis. */
    public Future<Void> close() {
        return line.close();
    }
}
