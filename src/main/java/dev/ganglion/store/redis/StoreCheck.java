package dev.ganglion.store.redis;

import dev.ganglion.telemetry.StoreFault;
import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides whether a connection leads to the store that the node may use. Thread-safe. */
public interface StoreCheck {
    /** Accepts every connection. */
    StoreCheck NONE = new StoreCheck() {
        @Override
        public Future<Void> check(Masters masters) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> confirm(Masters masters) {
            return Future.succeededFuture();
        }

        @Override
        public Optional<StoreFault> refusal() {
            return Optional.empty();
        }
    };

    /** Checks a connection before any call uses it. Fails if no call may use the store. */
    Future<Void> check(Masters masters);

    /** Checks that a connection still leads to the same store. Fails if no call may use the store. */
    Future<Void> confirm(Masters masters);

    /** Why the latest check of any connection refused the store, so that the node has to drop all connections. */
    Optional<StoreFault> refusal();

    /**
     * The servers behind one connection that take writes: a single server, or the masters of a Redis Cluster.
     *
     * @param connection open connection, which no other call uses at the same time
     */
    record Masters(RedisConnection connection) {
        /** Sends one command to the server that serves its key. */
        public Future<Response> send(Request request) {
            return connection.send(request);
        }

        /** Sends the same command to every server. The replies are in the order of their numbers. */
        public Future<List<Response>> each(Supplier<Request> request) {
            return connection instanceof ClusterConnection cluster
                    ? cluster.each(request)
                    : connection.send(request.get()).map(List::of);
        }

        /** Number of servers. */
        public int count() {
            return connection instanceof ClusterConnection cluster
                    ? cluster.slots().masters().size()
                    : 1;
        }

        /** Number of the server that serves a key, from 0. */
        public int serving(String key) {
            return connection instanceof ClusterConnection cluster
                    ? cluster.slots().owner(RedisKeys.hashSlot(key))
                    : 0;
        }

        /** Address of a server of a Redis Cluster; empty for a single server. */
        public String address(int server) {
            return connection instanceof ClusterConnection cluster
                    ? cluster.slots().masters().get(server).toString()
                    : "";
        }

        /** Whether a call failed because its slot is being moved. A later call succeeds. */
        public static boolean slotMigrating(Throwable failure) {
            return RedirectReply.slotMigrating(failure);
        }
    }
}
