package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;

/** One attempt to reach the store, and the connection that results. Not thread-safe; use it on one context. */
interface Route {
    /** Finds the server or servers that take writes now, and connects to them. */
    Future<RedisConnection> connect();

    /** Closes the connection, or cancels the attempt. */
    Future<Void> close();
}
