package dev.ganglion.store.redis;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.store.redis.StoreCheck.Masters;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to Redis that reconnects automatically, to the server that then takes writes.
 *
 * <p>A line is used on the context that started it. While there is no connection, calls fail at once with {@code
 * store_unavailable}. Calls also fail when the connection is lost before the answer; Redis may then have done the work
 * or not. If Redis stops answering for {@link #SILENCE_MS}, the line reports Redis as unavailable. After {@link
 * #GIVE_UP_MS} of silence the line drops the connection and reconnects with jittered exponential back-off, at most
 * {@link #BACKOFF_MAX_MS} apart. The line loads all scripts on each connection before the connection is used.
 */
public final class RedisLine {
    static final long SILENCE_MS = 1_500;
    static final long GIVE_UP_MS = 10_000;
    static final long BACKOFF_MIN_MS = 50;
    static final long BACKOFF_MAX_MS = 1_000;
    /** Most calls in flight. A lane has fewer, and the client refuses calls beyond its own higher limit. */
    static final int MAX_CALLS_IN_FLIGHT = 4_000;
    /** Most calls in flight that the Redis client accepts on one connection. */
    static final int CLIENT_CALLS = 4_096;

    /** Longest time that a caller waits for Redis to become available. */
    static final long WAIT_MS = 3_000;

    private static final long CONNECT_TIMEOUT_MS = 3_000;
    /** Time between a failed attempt to connect and the next one while a caller waits. */
    private static final long HASTY_RETRY_MS = 50;

    private static final long WATCH_MS = 250;
    private static final long NO_TIMER = -1;
    private static final Logger LOG = LoggerFactory.getLogger(RedisLine.class);

    private final Vertx vertx;
    private final RedisServers servers;
    private final String name;
    /** Name under which the line reports failed calls, which are no fault of its connection. */
    private final String calls;

    private final Ticker ticker;
    private final Deque<Long> sent = new ArrayDeque<>();
    private final Promise<Void> first = Promise.promise();
    private final WaitingCallers callers = new WaitingCallers();
    private Handler<Boolean> availability = available -> {};
    private @Nullable Route route;
    private @Nullable RedisConnection connection;
    private boolean available;
    private boolean closed;
    private int failures;
    private int inFlight;
    private int generation;
    private long watch = NO_TIMER;
    private long next = NO_TIMER;

    /**
     * Creates a line that is not yet connected.
     *
     * @param name name of the line in logs
     */
    public RedisLine(Vertx vertx, RedisServers servers, String name, Ticker ticker) {
        this.vertx = vertx;
        this.servers = servers;
        this.name = name;
        this.calls = name + " calls";
        this.ticker = ticker;
    }

    /** Sets the handler that runs on the context of {@link #start} whenever Redis becomes available or unavailable. */
    public void availabilityHandler(Handler<Boolean> handler) {
        availability = handler;
    }

    /** Connects to Redis and retries without limit. Completes with the first connection. */
    public Future<Void> start() {
        watch = vertx.setPeriodic(WATCH_MS, timer -> watch());
        connect();
        return first.future();
    }

    public boolean available() {
        return available;
    }

    /**
     * Waits until Redis is available, at most {@link #WAIT_MS}. Completes at once while Redis answers, or with its
     * first sign of life.
     *
     * <p>Fails when the next attempt to connect fails; a waiting caller brings this attempt forward. So a caller learns
     * that Redis is unavailable only after a fresh attempt, does not wait for the rest of a back-off, and never sends a
     * call to a silent server.
     */
    Future<Void> awaitAvailable() {
        if (available) {
            return Future.succeededFuture();
        }
        if (closed || callers.size() >= MAX_CALLS_IN_FLIGHT) {
            return Future.failedFuture(unavailable());
        }
        boolean none = callers.noneForNextAttempt();
        Future<Void> answer = callers.add();
        // the first caller brings the attempt forward for all
        if (none && next != NO_TIMER && vertx.cancelTimer(next)) {
            next = vertx.setTimer(HASTY_RETRY_MS, timer -> connect());
        }
        return answer.timeout(WAIT_MS, TimeUnit.MILLISECONDS).recover(failure -> Future.failedFuture(unavailable()));
    }

    private GanglionException unavailable() {
        return new UnsentException(
                servers.condition().fault().map(StoreFault::sentence).orElse("Redis is not connected"));
    }

    /** Sends one command. */
    Future<Response> send(Request request) {
        return guarded(1, c -> c.send(request));
    }

    /** Sends commands in one write and completes when all are answered. Fails as a whole if one answer is an error. */
    Future<List<Response>> batch(List<Request> requests) {
        return guarded(requests.size(), c -> c.batch(requests));
    }

    /** Sends the same command to every server that takes writes. */
    Future<List<Response>> each(Supplier<Request> request) {
        return guarded(1, c -> new Masters(c).each(request));
    }

    /**
     * Sends commands as {@link #batch} does. Reconnects if Redis answers with an error, because a new connection or a
     * later attempt may succeed. While a cluster slot is being moved, only a later attempt helps, so the connection
     * stays.
     */
    public Future<List<Response>> batchOrReconnect(List<Request> requests) {
        int attempt = generation;
        return batch(requests).onFailure(failure -> {
            if (attempt == generation
                    && !closed
                    && failure.getCause() != null
                    && !RedirectReply.slotMigrating(failure)) {
                StoreFault fault = servers.fault(failure);
                if (fault.reason() != StoreFault.Reason.LOST) {
                    failed(fault);
                }
                reconnect(fault);
            }
        });
    }

    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(watch);
        vertx.cancelTimer(next);
        drop();
        callers.fail(unavailable(), true);
        return Future.succeededFuture();
    }

    /** Drops the connection and reconnects, after an answer that a new connection or a later attempt may resolve. */
    public void reconnect(StoreFault fault) {
        LOG.atDebug()
                .addKeyValue("line", name)
                .addKeyValue("reason", fault.detail())
                .log("Dropped the connection to Redis, reconnecting");
        lost(generation, fault);
    }

    /** Returns the fault that an error reply of Redis reports. */
    public StoreFault answeredFault(String reply) {
        return servers.answeredFault(reply);
    }

    /** Reports that a call failed although there is a connection. */
    public void failed(StoreFault fault) {
        servers.condition().failed(calls, fault);
    }

    /** Reports that the store did what was asked of it. */
    public void served() {
        servers.condition().available(calls);
    }

    /**
     * Checks over the open connection that it still leads to the same store, and drops the connection if it does not.
     *
     * @param all whether to check everything that a new connection has to pass
     */
    Future<Void> check(boolean all) {
        int attempt = generation;
        StoreCheck check = servers.check();
        return this.<Void>guarded(1, c -> all ? check.check(new Masters(c)) : check.confirm(new Masters(c)))
                .onFailure(failure -> check.refusal().ifPresent(fault -> lost(attempt, servers.named(fault))));
    }

    Future<Void> loadScripts() {
        return batch(Script.loading()).mapEmpty();
    }

    private <T> Future<T> guarded(int calls, Function<RedisConnection, Future<T>> call) {
        RedisConnection c = connection;
        if (c == null) {
            return Future.failedFuture(unavailable());
        }
        if (inFlight + calls > MAX_CALLS_IN_FLIGHT) {
            return Future.failedFuture(new UnsentException("too many calls are waiting for Redis; try again later"));
        }
        int attempt = generation;
        inFlight += calls;
        sent.add(ticker.nanos());
        Promise<T> promise = Promise.promise();
        call.apply(c).onComplete(result -> {
            if (attempt == generation) {
                inFlight -= calls;
                sent.poll();
                settle(result.succeeded());
            }
            if (result.succeeded()) {
                promise.complete(result.result());
            } else {
                if (attempt == generation && !closed && RedirectReply.servedElsewhere(result.cause())) {
                    RedirectReply.newMaster(result.cause()).ifPresent(servers.candidates()::prefer);
                    reconnect(servers.fault(result.cause()));
                }
                promise.fail(translate(result.cause()));
            }
        });
        return promise.future();
    }

    private void settle(boolean good) {
        if (!good) {
            return; // when a connection ends, its calls fail before its end is reported
        }
        failures = 0;
        if (connection != null) {
            setAvailable(true);
        }
    }

    /** Whether a call failed before any part of it was sent. */
    static boolean unsent(Throwable failure) {
        return failure instanceof UnsentException;
    }

    private Throwable translate(Throwable cause) {
        if (cause instanceof StoreFaultException) {
            return cause; // a check refused the store
        }
        StoreFault fault = servers.fault(cause);
        if (fault.concernsEveryCall()) {
            failed(fault);
        }
        return new GanglionException(
                ErrorCode.STORE_UNAVAILABLE, "the call to Redis failed: " + fault.detail(), null, cause);
    }

    private static final class UnsentException extends GanglionException {
        private static final long serialVersionUID = 1L;

        UnsentException(String message) {
            super(ErrorCode.STORE_UNAVAILABLE, message);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        int attempt = ++generation;
        next = NO_TIMER;
        inFlight = 0;
        sent.clear();
        callers.attemptBegins();
        Route made = servers.route();
        route = made;
        bounded(made::connect)
                .compose(c -> bounded(() -> servers.check().check(new Masters(c)))
                        .compose(done -> bounded(() -> c.batch(Script.loading())))
                        .map(c))
                .onSuccess(c -> connected(attempt, c))
                .onFailure(failure -> lost(attempt, servers.fault(failure)));
    }

    private static <T> Future<T> bounded(Supplier<Future<T>> call) {
        return call.get().timeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private void connected(int attempt, RedisConnection c) {
        if (attempt != generation || closed) {
            return;
        }
        Throwable[] cause = {new ClosedChannelException()};
        RedisConnection watched = c.exceptionHandler(failure -> {
            LOG.atDebug().setCause(failure).addKeyValue("line", name).log("The connection to Redis failed");
            cause[0] = failure;
        });
        connection = watched.endHandler(end -> lost(attempt, servers.fault(cause[0])));
        first.tryComplete();
        setAvailable(true);
    }

    private void lost(int attempt, StoreFault fault) {
        if (attempt != generation || closed) {
            return;
        }
        generation++;
        servers.condition().unavailable(name, fault);
        setAvailable(false);
        drop();
        failures++;
        long cap = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(failures, 10));
        long delay = cap / 2 + (long) (Math.random() * cap / 2) + 1;
        callers.fail(unavailable(), false);
        next = vertx.setTimer(callers.noneForNextAttempt() ? delay : HASTY_RETRY_MS, timer -> connect());
    }

    private void drop() {
        connection = null;
        if (route != null) {
            Route dropped = route;
            route = null;
            dropped.close().onFailure(failure -> LOG.trace("Cannot close the connection to Redis", failure));
        }
    }

    private void setAvailable(boolean now) {
        if (available != now) {
            available = now;
            LOG.atDebug().addKeyValue("line", name).log(now ? "Redis is available" : "Redis is unavailable");
            if (now) {
                servers.condition().available(name);
            }
            availability.handle(now);
            if (now) {
                callers.succeed();
            }
        }
    }

    /** Detects a connected Redis that does not answer. */
    private void watch() {
        RedisConnection c = connection;
        if (c == null) {
            return;
        }
        var refusal = servers.check().refusal(); // another connection may have found it
        if (refusal.isPresent()) {
            lost(generation, servers.named(refusal.get()));
            return;
        }
        Long oldest = sent.peek();
        if (oldest == null) {
            int attempt = generation;
            // The client does not always report the end of a connection, but calls on the connection fail at once.
            send(Request.cmd(Command.PING)).onFailure(failure -> unanswered(attempt, servers.fault(failure)));
            return;
        }
        long silentMs = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - oldest);
        if (silentMs > GIVE_UP_MS) {
            reconnect(servers.fault(new TimeoutException()));
        } else if (silentMs > SILENCE_MS && available) {
            servers.condition().unavailable(name, servers.fault(new TimeoutException()));
            setAvailable(false);
        }
    }

    /** While Redis cannot write its files, it answers PING with an error, but still serves reads. */
    private void unanswered(int attempt, StoreFault fault) {
        if (fault.reason() == StoreFault.Reason.MISCONF) {
            failed(fault);
        } else {
            lost(attempt, fault);
        }
    }
}
