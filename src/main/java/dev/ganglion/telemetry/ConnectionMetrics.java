package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/** Exposes the connections to the HTTP port of a node, and counts those that it closed. Thread-safe. */
public final class ConnectionMetrics {
    /** Why the node closed a connection. */
    public enum End {
        /** No complete request head arrived in time. */
        HEAD_TIMEOUT,
        /** A request of an unauthenticated client was not complete in time. */
        REQUEST_TIMEOUT,
        /** No further request arrived in time. */
        IDLE,
        /** Too many connections of this client wait for a request. */
        ADDRESS_LIMIT,
        /** The node has too many connections. */
        NODE_LIMIT
    }

    private final MeterRegistry registry;
    private final Map<End, Counter> ended = new EnumMap<>(End.class);

    ConnectionMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (End reason : End.values()) {
            ended.put(
                    reason,
                    Counter.builder("ganglion.http.connections.ended")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .description("Connections to the HTTP port that were refused or closed at a limit")
                            .register(registry));
        }
    }

    /** Exposes the number of open connections and its limit. Called once. */
    public void expose(IntSupplier open, int limit) {
        Gauge.builder("ganglion.http.connections", open::getAsInt)
                .description("Open connections to the HTTP port, with and without a WebSocket")
                .register(registry);
        Gauge.builder("ganglion.http.connections.limit", () -> limit)
                .description("Largest number of open connections to the HTTP port")
                .register(registry);
    }

    /** Counts a connection that was refused or closed at a limit. */
    public void ended(End reason) {
        Objects.requireNonNull(ended.get(reason)).increment();
    }
}
