package dev.ganglion.store;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A line that may be used from any thread; answers come back on the caller's context. A call that finds Redis away
 * waits for it, for a moment ({@link RedisLine#there}); it was not sent before. Where replicas must have what is kept, that goes over a
 * second line, since Redis answers nothing else on a connection while it waits for them.
 */
final class SharedLine {
    /** For so long a call goes again that reached a server which is not, or no more, the one for it. */
    private static final long FOLLOW_MS = 3_000;

    private static final long AGAIN_MS = 100;

    private final Vertx vertx;
    private final RedisLine line;
    private final Context home;
    private final @Nullable RedisLine keeping;
    private final int replicas;
    private volatile boolean available;

    /** A line that lives on {@code home}; no replica has to have what is kept. */
    SharedLine(Vertx vertx, RedisLine line, Context home) {
        this(vertx, line, home, null, 0);
    }

    /** A line that lives on {@code home}, and one for what so many replicas must have before it is kept. */
    SharedLine(Vertx vertx, RedisLine line, Context home, @Nullable RedisLine keeping, int replicas) {
        this.vertx = vertx;
        this.line = line;
        this.home = home;
        this.keeping = keeping;
        this.replicas = replicas;
        line.availabilityHandler(now -> available = now);
    }

    Future<Void> start() {
        return hop(line::start).compose(done -> keeping == null ? Future.succeededFuture() : hop(keeping::start));
    }

    boolean available() {
        return available;
    }

    Future<Response> send(Request request) {
        return ask(line, () -> following(() -> line.send(request)));
    }

    /** As {@link #send}, for what must last: fails with {@code store_unavailable} when too few replicas have it. */
    Future<Response> keep(Request request) {
        RedisLine apart = keeping;
        return apart == null
                ? send(request)
                : ask(
                                apart,
                                () -> following(() -> apart.batch(replicated(List.of(request))))
                                        .map(this::enough))
                        .map(replies -> replies.get(0));
    }

    /** As {@link #batch}, for what must last. */
    Future<List<Response>> keep(List<Request> requests) {
        RedisLine apart = keeping;
        return apart == null || requests.isEmpty()
                ? batch(requests)
                : ask(apart, () -> apart.batch(replicated(requests)).map(this::enough));
    }

    private List<Request> replicated(List<Request> requests) {
        List<Request> all = new ArrayList<>(requests);
        all.add(StoreTuning.waitFor(replicas));
        return all;
    }

    private List<Response> enough(List<Response> replies) {
        if (replies.get(replies.size() - 1).toInteger() < replicas) {
            throw new GanglionException(
                    ErrorCode.STORE_UNAVAILABLE, "the store may have it, but fewer replicas than redis.min-replicas");
        }
        return replies;
    }

    /** The same command to every server that takes writes. */
    Future<List<Response>> each(Supplier<Request> request) {
        return ask(line, () -> line.each(request));
    }

    Future<List<Response>> batch(List<Request> requests) {
        return requests.isEmpty() ? Future.succeededFuture(List.of()) : ask(line, () -> line.batch(requests));
    }

    Future<Void> close() {
        return hop(line::close).compose(done -> keeping == null ? Future.succeededFuture() : hop(keeping::close));
    }

    /** A call that had no effect goes again until it meets the right server; it may still find none in time. */
    private <T> Future<T> following(Supplier<Future<T>> call) {
        return call.get()
                .recover(failure -> Elsewhere.now(failure) || Elsewhere.onItsWay(failure)
                        ? again(call, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FOLLOW_MS))
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> again(Supplier<Future<T>> call, long end) {
        return vertx.timer(AGAIN_MS, TimeUnit.MILLISECONDS)
                .compose(late -> call.get())
                .recover(failure -> {
                    // The line may be on its way to the other server.
                    boolean more = RedisLine.unsent(failure) || Elsewhere.now(failure) || Elsewhere.onItsWay(failure);
                    return more && System.nanoTime() < end ? again(call, end) : Future.failedFuture(failure);
                });
    }

    private <T> Future<T> ask(RedisLine over, Supplier<Future<T>> call) {
        return hop(() -> over.there().compose(there -> call.get()));
    }

    private <T> Future<T> hop(Supplier<Future<T>> call) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        home.runOnContext(v -> call.get().onComplete(result -> caller.runOnContext(w -> promise.handle(result))));
        return promise.future();
    }
}
