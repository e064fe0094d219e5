package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to each master of a Redis Cluster, behind the interface of a connection to a single Redis.
 *
 * <p>Calls reach each master in the order in which they were made, and their answers arrive in that order even if a
 * later master answers faster. When the connection to one master ends, the whole connection ends. The connection uses
 * the slot map from the time of connecting: after a slot moved, calls for the slot fail with {@code MOVED}, and the
 * owner has to connect again. Not thread-safe; use it on one context.
 */
final class ClusterConnection implements RedisConnection {
    private final List<RedisConnection> masters;
    private final SlotMap slots;
    private final RedisServers servers;
    private final Deque<Pending<?>> pending = new ArrayDeque<>();
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Handler<Void> onEnd;
    private boolean ended;

    private record Pending<T>(Future<T> answer, Promise<T> promise) {
        void settle() {
            promise.handle(answer);
        }
    }

    /** Creates a connection over open connections to {@link SlotMap#masters}, in the same order. */
    ClusterConnection(List<RedisConnection> masters, SlotMap slots, RedisServers servers) {
        this.masters = masters;
        this.slots = slots;
        this.servers = servers;
        for (int i = 0; i < masters.size(); i++) {
            int master = i;
            RedisConnection unused = masters.get(i)
                    .exceptionHandler(failure -> ended(failure(master, failure)))
                    .endHandler(end -> ended(failure(master, new ClosedChannelException())));
        }
    }

    /** The masters, in the order of the replies to {@link #each}. */
    SlotMap slots() {
        return slots;
    }

    @Override
    public Future<Response> send(Request request) {
        return batch(List.of(request)).map(replies -> replies.get(0));
    }

    @Override
    public Future<List<Response>> batch(List<Request> requests) {
        return inOrder(() -> ClusterBatch.of(requests, slots).send(masters, this::failure));
    }

    /** Sends the same call to every master. */
    Future<List<Response>> each(Supplier<Request> request) {
        List<Future<Response>> answers =
                masters.stream().map(master -> master.send(request.get())).toList();
        return inOrder(() -> Future.join(answers)
                .map(all -> answers.stream().map(Future::result).toList()));
    }

    private Throwable failure(int master, Throwable cause) {
        return servers.failed(slots.masters().get(master), cause);
    }

    private <T> Future<T> inOrder(Supplier<Future<T>> call) {
        if (ended) {
            return Future.failedFuture("the connection to the cluster has ended");
        }
        Future<T> answer;
        try {
            answer = call.get();
        } catch (IllegalStateException e) {
            answer = Future.failedFuture(e);
        }
        Pending<T> entry = new Pending<>(answer, Promise.promise());
        pending.add(entry);
        answer.onComplete(done -> settle());
        return entry.promise.future();
    }

    private void settle() {
        while (!pending.isEmpty() && pending.element().answer.isComplete()) {
            pending.remove().settle(); // in call order, because a completed caller may make its next call at once
        }
    }

    private void ended(Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        for (Pending<?> each = pending.poll(); each != null; each = pending.poll()) {
            if (each.answer.isComplete()) {
                each.settle();
            } else {
                each.promise.fail(cause);
            }
        }
        if (onFailure != null) {
            onFailure.handle(cause);
        }
        if (onEnd != null) {
            onEnd.handle(null);
        }
    }

    @Override
    public RedisConnection exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        return this;
    }

    @Override
    public RedisConnection endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public RedisConnection handler(@Nullable Handler<Response> handler) {
        return this; // There are no subscriptions here: every reply belongs to a call.
    }

    @Override
    public RedisConnection pause() {
        return this;
    }

    @Override
    public RedisConnection resume() {
        return this;
    }

    @Override
    public RedisConnection fetch(long amount) {
        return this;
    }

    @Override
    public Future<Void> close() {
        return Future.join(masters.stream().map(RedisConnection::close).toList())
                .mapEmpty();
    }

    @Override
    public boolean pendingQueueFull() {
        return masters.stream().anyMatch(RedisConnection::pendingQueueFull);
    }
}
