package dev.ganglion.store;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to each master of a Redis Cluster that looks like one to a single Redis: calls reach the master of their
 * slot in the order that they are made, and are answered in that order whichever master is faster. With the end of one
 * connection all ends. It knows the slots of the time when it was made: a slot that moved answers {@code MOVED}, after
 * which whoever uses it connects anew. Used on one context.
 */
final class ClusterConnection implements RedisConnection {
    private final List<RedisConnection> masters;
    private final SlotMap slots;
    private final Deque<Pending<?>> pending = new ArrayDeque<>();
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Handler<Void> onEnd;
    private boolean ended;

    private record Pending<T>(Future<T> answer, Promise<T> promise) {
        void settle() {
            promise.handle(answer);
        }
    }

    /** Over connections to {@link SlotMap#masters}, in their order. */
    ClusterConnection(List<RedisConnection> masters, SlotMap slots) {
        this.masters = masters;
        this.slots = slots;
        for (RedisConnection master : masters) {
            RedisConnection unused = master.exceptionHandler(this::ended)
                    .endHandler(end -> ended(new IllegalStateException("a master closed the connection")));
        }
    }

    @Override
    public Future<Response> send(Request request) {
        return batch(List.of(request)).map(replies -> replies.get(0));
    }

    @Override
    public Future<List<Response>> batch(List<Request> requests) {
        return inOrder(() -> ClusterBatch.of(requests, slots).send(masters));
    }

    /** The same call to every master. */
    Future<List<Response>> each(Supplier<Request> request) {
        List<Future<Response>> answers =
                masters.stream().map(master -> master.send(request.get())).toList();
        return inOrder(() -> Future.join(answers)
                .map(all -> answers.stream().map(Future::result).toList()));
    }

    private <T> Future<T> inOrder(Supplier<Future<T>> call) {
        if (ended) {
            return Future.failedFuture("the connection has ended");
        }
        Future<T> answer;
        try {
            answer = call.get();
        } catch (IllegalStateException e) {
            answer = Future.failedFuture(e);
        }
        Pending<T> mine = new Pending<>(answer, Promise.promise());
        pending.add(mine);
        answer.onComplete(done -> settle());
        return mine.promise.future();
    }

    private void settle() {
        while (!pending.isEmpty() && pending.element().answer.isComplete()) {
            pending.remove().settle(); // in this order: whoever hears of it may make the next call at once
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
        return this; // replies go to their calls, and nothing else comes: there are no subscriptions here
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
