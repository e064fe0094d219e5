package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.telemetry.StoreFault;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connects to every master of a Redis Cluster. Asks one server of the cluster for the current masters, and tries the
 * next server if that one fails.
 */
final class ClusterRoute implements Route {
    private final RedisServers servers;
    private final List<Redis> opened = new ArrayList<>();
    private boolean closed;

    ClusterRoute(RedisServers servers) {
        this.servers = servers;
    }

    @Override
    public Future<RedisConnection> connect() {
        return servers.refresh()
                .compose(read -> ask(
                        servers.candidates().inOrder().iterator(),
                        new IllegalStateException("no cluster server is configured")))
                .compose(this::connect);
    }

    private Future<SlotMap> ask(Iterator<RedisAddress> rest, RuntimeException failure) {
        if (!rest.hasNext() || closed) {
            return Future.failedFuture(failure);
        }
        RedisAddress server = rest.next();
        Redis client = opened(servers.server(server));
        return servers.connect(client, server)
                .compose(c -> c.send(Request.cmd(Command.CLUSTER).arg("SLOTS")))
                .timeout(RedisServers.ASK_MS, TimeUnit.MILLISECONDS)
                .map(reply -> SlotMap.of(reply, server))
                .eventually(client::close)
                .recover(cause -> {
                    servers.candidates().failed(server);
                    return ask(rest, servers.oneOf(failure, servers.failed(server, cause)));
                });
    }

    private Future<RedisConnection> connect(SlotMap slots) {
        if (closed) {
            return Future.failedFuture("the attempt to connect was cancelled");
        }
        if (slots.masters().isEmpty()) {
            return Future.failedFuture(new StoreFaultException(
                    StoreFault.of(StoreFault.Reason.NO_MASTER, "no master of the cluster serves a hash slot"), null));
        }
        servers.candidates().learn(slots.masters());
        List<Future<RedisConnection>> masters = new ArrayList<>();
        for (RedisAddress master : slots.masters()) {
            masters.add(servers.connect(opened(servers.server(master)), master)
                    .onFailure(down -> servers.candidates().failed(master)));
        }
        return Future.all(masters)
                .map(all -> new ClusterConnection(
                        masters.stream().map(Future::result).toList(), slots, servers));
    }

    private Redis opened(Redis client) {
        opened.add(client);
        return client;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.join(opened.stream().map(Redis::close).toList()).mapEmpty();
    }
}
