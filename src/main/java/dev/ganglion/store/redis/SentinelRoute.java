package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.telemetry.StoreFault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the master that the sentinels name.
 *
 * <p>Sentinels may name a server that was just demoted or is not promoted yet. The route therefore rejects a server
 * whose {@code ROLE} is not master, and the line tries again. A replaced master may take writes for seconds before it
 * learns of its demotion, and discards those writes then. The route therefore asks the sentinels every {@link
 * #WATCH_MS} milliseconds, and ends the connection as soon as they name another master.
 */
final class SentinelRoute implements Route {
    static final long WATCH_MS = 1_000;

    private static final long NO_TIMER = -1;
    private static final Logger LOG = LoggerFactory.getLogger(SentinelRoute.class);

    private final Vertx vertx;
    private final RedisServers servers;
    private final String name;
    private final Map<RedisAddress, Redis> sentinels = new HashMap<>();
    private @Nullable Redis master;
    private long watch = NO_TIMER;
    private boolean asking;
    private boolean closed;

    SentinelRoute(Vertx vertx, RedisServers servers, String name) {
        this.vertx = vertx;
        this.servers = servers;
        this.name = name;
    }

    @Override
    public Future<RedisConnection> connect() {
        return servers.refresh().compose(read -> named()).compose(address -> {
            if (closed) {
                return Future.failedFuture("the attempt to connect was cancelled");
            }
            Redis client = servers.server(address);
            master = client;
            return servers.connect(client, address)
                    .compose(c -> checked(c, address))
                    .onSuccess(c -> watch(client, address));
        });
    }

    private Future<RedisAddress> named() {
        return ask(servers.candidates().inOrder().iterator(), new IllegalStateException("no sentinel is configured"));
    }

    private Future<RedisAddress> ask(Iterator<RedisAddress> rest, RuntimeException failure) {
        if (!rest.hasNext() || closed) {
            return Future.failedFuture(failure);
        }
        RedisAddress sentinel = rest.next();
        return sentinels
                .computeIfAbsent(sentinel, servers::sentinel)
                .send(Request.cmd(Command.SENTINEL)
                        .arg("GET-MASTER-ADDR-BY-NAME")
                        .arg(name))
                .timeout(RedisServers.ASK_MS, TimeUnit.MILLISECONDS)
                .compose(this::address)
                .recover(cause -> {
                    servers.candidates().failed(sentinel);
                    forget(sentinel); // the next connection may need another password
                    return ask(rest, servers.oneOf(failure, servers.sentinelFailed(sentinel, cause)));
                });
    }

    private void forget(RedisAddress sentinel) {
        Redis client = sentinels.remove(sentinel);
        if (client != null) {
            end(client);
        }
    }

    private Future<RedisAddress> address(@Nullable Response reply) {
        return reply == null
                ? Future.failedFuture("the sentinel monitors no master named " + name + "; check redis.uri")
                : Future.succeededFuture(RedisAddress.named(
                        reply.get(0).toString(), Integer.parseInt(reply.get(1).toString())));
    }

    private Future<RedisConnection> checked(RedisConnection connection, RedisAddress address) {
        return connection
                .send(Request.cmd(Command.ROLE))
                .compose(role -> role.get(0).toString().equals("master")
                        ? Future.succeededFuture(connection)
                        : Future.failedFuture(new StoreFaultException(
                                new StoreFault(
                                        StoreFault.Reason.READ_ONLY,
                                        address.toString(),
                                        "the sentinels name it as master, but its role is " + role.get(0)),
                                null)));
    }

    private void watch(Redis client, RedisAddress address) {
        if (closed) {
            return;
        }
        watch = vertx.setPeriodic(WATCH_MS, timer -> {
            if (!asking) {
                asking = true;
                servers.refresh().compose(read -> named()).onComplete(now -> {
                    asking = false;
                    if (now.succeeded() && !now.result().equals(address) && !closed) {
                        LOG.atWarn()
                                .addKeyValue("from", address)
                                .addKeyValue("to", now.result())
                                .log("The sentinels name another master, reconnecting");
                        end(client);
                    }
                });
            }
        });
    }

    private static void end(Redis client) {
        client.close().onFailure(failure -> LOG.trace("Cannot close the connection to Redis", failure));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        if (watch != NO_TIMER) {
            vertx.cancelTimer(watch);
        }
        List<Future<Void>> all = Stream.concat(Stream.ofNullable(master), sentinels.values().stream())
                .map(Redis::close)
                .toList();
        return Future.join(all).mapEmpty();
    }
}
