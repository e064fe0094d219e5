package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import org.jspecify.annotations.Nullable;

/** Connects to a single Redis server. */
final class ServerRoute implements Route {
    private final RedisServers servers;
    private final RedisAddress address;
    private @Nullable Redis client;
    private boolean closed;

    ServerRoute(RedisServers servers, RedisAddress address) {
        this.servers = servers;
        this.address = address;
    }

    @Override
    public Future<RedisConnection> connect() {
        return servers.refresh().compose(read -> {
            if (closed) {
                return Future.failedFuture("the attempt to connect was cancelled");
            }
            Redis created = servers.server(address);
            client = created;
            return servers.connect(created, address);
        });
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return client == null ? Future.succeededFuture() : client.close();
    }
}
