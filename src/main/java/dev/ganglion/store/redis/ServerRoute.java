package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;

/** Connects to a single Redis server. */
record ServerRoute(RedisServers servers, RedisAddress address, Redis client) implements Route {
    @Override
    public Future<RedisConnection> connect() {
        return servers.connect(client, address);
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }
}
