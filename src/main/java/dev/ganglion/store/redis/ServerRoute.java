package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;

/** Connects to a single Redis server. */
record ServerRoute(Redis client) implements Route {
    @Override
    public Future<RedisConnection> connect() {
        return client.connect();
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }
}
