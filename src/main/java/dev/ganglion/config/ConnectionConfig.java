package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Holds the limits of connections to the HTTP port.
 *
 * @param eventLoops configured number of event loops, 0 for the default
 * @param headTimeout longest time until a request head is complete, 1 s to 2 min
 * @param idleTimeout longest time between two requests of a connection, 1 s to 1 h
 * @param max largest number of open connections, 0 for what the limit of open files allows
 * @param waitingPerAddress largest number of unauthenticated connections of one address that wait for a request
 * @param socketBudget memory for messages of WebSockets, empty for a part of the heap
 */
public record ConnectionConfig(
        int eventLoops,
        Duration headTimeout,
        Duration idleTimeout,
        int max,
        int waitingPerAddress,
        OptionalLong socketBudget) {
    static ConnectionConfig from(CheckedValues values) {
        return new ConnectionConfig(
                values.required(ConfigKeys.HTTP_EVENT_LOOPS),
                values.required(ConfigKeys.HTTP_HEAD_TIMEOUT),
                values.required(ConfigKeys.HTTP_IDLE_TIMEOUT),
                values.required(ConfigKeys.HTTP_MAX_CONNECTIONS),
                values.required(ConfigKeys.HTTP_WAITING_CONNECTIONS),
                values.optional(ConfigKeys.HTTP_SOCKET_BUDGET)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty));
    }
}
