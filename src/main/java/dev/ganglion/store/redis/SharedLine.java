package dev.ganglion.store.redis;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.Ticker;
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
 * A {@link RedisLine} that any thread may use. Answers arrive on the caller's context.
 *
 * <p>While Redis is unavailable, a call waits for a moment before it is sent: see {@link RedisLine#awaitAvailable}. If
 * replicas must confirm writes ({@code redis.min-replicas}), those writes use a second connection, because Redis
 * answers nothing else on a connection while it waits for replicas.
 */
public final class SharedLine {
    /** Longest time that a call is retried because the server that it reached does not serve it, in milliseconds. */
    private static final long RETRY_LIMIT_MS = 3_000;

    private static final long RETRY_MS = 100;

    private final Vertx vertx;
    private final RedisLine line;
    private final Context home;
    private final Ticker ticker;
    private final @Nullable RedisLine durableLine;
    private final int replicas;
    private volatile boolean available;

    /**
     * Creates a shared line that does not wait for replicas.
     *
     * @param home context that uses the line
     */
    public SharedLine(Vertx vertx, RedisLine line, Context home, Ticker ticker) {
        this(vertx, line, home, ticker, null, 0);
    }

    /**
     * Creates a shared line that waits for replicas.
     *
     * @param home context that uses both lines
     * @param durableLine line for writes that replicas must confirm
     * @param replicas number of replicas that must confirm a write
     */
    public SharedLine(
            Vertx vertx, RedisLine line, Context home, Ticker ticker, @Nullable RedisLine durableLine, int replicas) {
        this.vertx = vertx;
        this.line = line;
        this.home = home;
        this.ticker = ticker;
        this.durableLine = durableLine;
        this.replicas = replicas;
        line.availabilityHandler(now -> available = now);
    }

    public Future<Void> start() {
        return hop(line::start)
                .compose(done -> durableLine == null ? Future.succeededFuture() : hop(durableLine::start));
    }

    public boolean available() {
        return available;
    }

    public Future<Response> send(Request request) {
        return ask(line, () -> retrying(() -> line.send(request)));
    }

    /** Sends a write that must be durable. Fails with {@code store_unavailable} if too few replicas confirm it. */
    public Future<Response> sendDurably(Request request) {
        RedisLine replicating = durableLine;
        return replicating == null
                ? send(request)
                : ask(
                                replicating,
                                () -> retrying(() -> replicating.batch(replicated(List.of(request))))
                                        .map(this::confirmed))
                        .map(replies -> replies.get(0));
    }

    /**
     * Sends writes that must be durable, as {@link #batch} does. Fails with {@code store_unavailable} if too few
     * replicas confirm them.
     */
    public Future<List<Response>> sendDurably(List<Request> requests) {
        RedisLine replicating = durableLine;
        return replicating == null || requests.isEmpty()
                ? batch(requests)
                : ask(replicating, () -> replicating.batch(replicated(requests)).map(this::confirmed));
    }

    private List<Request> replicated(List<Request> requests) {
        List<Request> all = new ArrayList<>(requests);
        all.add(StoreTuning.waitFor(replicas));
        return all;
    }

    private List<Response> confirmed(List<Response> replies) {
        int found = replies.get(replies.size() - 1).toInteger();
        if (found < replicas) {
            line.failed(StoreTuning.tooFewReplicas(found, replicas));
            throw new GanglionException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "too few replicas (redis.min-replicas) confirmed the write; Redis may have stored it");
        }
        return replies;
    }

    /** Sends the same command to every server that takes writes. */
    public Future<List<Response>> each(Supplier<Request> request) {
        return ask(line, () -> line.each(request));
    }

    public Future<List<Response>> batch(List<Request> requests) {
        return requests.isEmpty() ? Future.succeededFuture(List.of()) : ask(line, () -> line.batch(requests));
    }

    public Future<Void> close() {
        return hop(line::close)
                .compose(done -> durableLine == null ? Future.succeededFuture() : hop(durableLine::close));
    }

    /** Retries a call that had no effect until it reaches the right server, or until the time limit. */
    private <T> Future<T> retrying(Supplier<Future<T>> call) {
        return call.get()
                .recover(failure -> RedirectReply.servedElsewhere(failure) || RedirectReply.slotMigrating(failure)
                        ? retry(call, ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(RETRY_LIMIT_MS))
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> retry(Supplier<Future<T>> call, long end) {
        return vertx.timer(RETRY_MS, TimeUnit.MILLISECONDS)
                .compose(late -> call.get())
                .recover(failure -> {
                    // The line may still be connecting to the other server.
                    boolean more = RedisLine.unsent(failure)
                            || RedirectReply.servedElsewhere(failure)
                            || RedirectReply.slotMigrating(failure);
                    return more && ticker.nanos() < end ? retry(call, end) : Future.failedFuture(failure);
                });
    }

    private <T> Future<T> ask(RedisLine over, Supplier<Future<T>> call) {
        return hop(() -> over.awaitAvailable().compose(there -> call.get()));
    }

    private <T> Future<T> hop(Supplier<Future<T>> call) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        home.runOnContext(v -> call.get().onComplete(result -> caller.runOnContext(w -> promise.handle(result))));
        return promise.future();
    }
}
