package dev.ganglion.store;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;

/** One try to reach the store, and the connection that came of it. Used on one context. */
interface Route {
    /** Finds the server or servers that take writes now, and connects. */
    Future<RedisConnection> connect();

    /** Ends the connection, or the try. */
    Future<Void> close();
}
