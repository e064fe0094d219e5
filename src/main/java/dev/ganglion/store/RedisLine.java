package dev.ganglion.store;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to Redis that comes back by itself, to wherever the store is by then.
 *
 * <p>Used from the context that it was started on. Calls fail at once with {@code store_unavailable} while there is no
 * connection, and when the connection is lost before the answer: whether Redis did the work is unknown then. A Redis
 * that stops answering is reported as lost after {@link #SILENCE_MS}; the connection is given up after
 * {@link #GIVE_UP_MS} and made anew with jittered exponential back-off, at most every {@link #BACKOFF_MAX_MS}. All
 * scripts are loaded on each connection before it is used.
 */
final class RedisLine {
    static final long SILENCE_MS = 1_500;
    static final long GIVE_UP_MS = 10_000;
    static final long BACKOFF_MIN_MS = 50;
    static final long BACKOFF_MAX_MS = 1_000;
    /** More than a lane has on its way at once; below the client's own bound, past which it refuses. */
    static final int MAX_CALLS_IN_FLIGHT = 4_000;
    /** The client's own bound. */
    static final int CLIENT_CALLS = 4_096;

    /** Who finds Redis away waits no longer for it. */
    static final long WAIT_MS = 3_000;

    private static final long CONNECT_TIMEOUT_MS = 3_000;
    /** With somebody waiting, so long after an attempt that failed comes the next. */
    private static final long HURRY_MS = 50;

    private static final long WATCH_MS = 250;
    private static final long NO_TIMER = -1;
    private static final int MAX_REASON = 200;
    private static final Logger LOG = LoggerFactory.getLogger(RedisLine.class);

    private final Vertx vertx;
    private final RedisPlace place;
    private final String name;
    private final Deque<Long> sent = new ArrayDeque<>();
    private final Promise<Void> first = Promise.promise();
    /** Who waits for the attempt that is under way, and who came after it began and waits for the next. */
    private List<Promise<Void>> attempted = new ArrayList<>();

    private List<Promise<Void>> waiting = new ArrayList<>();
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

    /** A line that is not yet connected; {@code name} is for logs and for Redis's client list. */
    RedisLine(Vertx vertx, RedisPlace place, String name) {
        this.vertx = vertx;
        this.place = place;
        this.name = name;
    }

    /** Told on the context of {@link #start} whenever Redis is lost or back. */
    void availabilityHandler(Handler<Boolean> handler) {
        availability = handler;
    }

    /** Connects, and keeps trying; completes with the first connection. */
    Future<Void> start() {
        watch = vertx.setPeriodic(WATCH_MS, timer -> watch());
        connect();
        return first.future();
    }

    boolean available() {
        return available;
    }

    /**
     * Completes at once while Redis answers. Else with its first sign of life, and fails when the next attempt to connect
     * does, which is then made soon: so that Redis is said to be away only after it was looked for, and not for the rest
     * of a back-off, and so that nothing is sent to one that is silent.
     */
    Future<Void> there() {
        if (available) {
            return Future.succeededFuture();
        }
        if (closed || attempted.size() + waiting.size() >= MAX_CALLS_IN_FLIGHT) {
            return Future.failedFuture(away());
        }
        Promise<Void> promise = Promise.promise();
        waiting.add(promise);
        if (waiting.size() == 1 && next != NO_TIMER && vertx.cancelTimer(next)) { // the first hurries for all
            next = vertx.setTimer(HURRY_MS, timer -> connect());
        }
        return promise.future().timeout(WAIT_MS, TimeUnit.MILLISECONDS).recover(failure -> Future.failedFuture(away()));
    }

    private GanglionException away() {
        return new UnsentException(connection == null ? "the store is not connected" : "the store does not answer");
    }

    /** One command. */
    Future<Response> send(Request request) {
        return guarded(1, c -> c.send(request));
    }

    /** Commands in one write, answered together; fails as a whole if one is an error. */
    Future<List<Response>> batch(List<Request> requests) {
        return guarded(requests.size(), c -> c.batch(requests));
    }

    /** The same command to every server that takes writes. */
    Future<List<Response>> each(Supplier<Request> request) {
        return guarded(
                1,
                c -> c instanceof ClusterConnection cluster
                        ? cluster.each(request)
                        : c.send(request.get()).map(List::of));
    }

    /**
     * As {@link #batch}; an error from Redis also gives the connection up, since a new one, or time, may mend it. While
     * a slot moves only time does.
     */
    Future<List<Response>> batchOrReconnect(List<Request> requests) {
        int mine = generation;
        return batch(requests).onFailure(failure -> {
            if (mine == generation && !closed && failure.getCause() != null && !Elsewhere.onItsWay(failure)) {
                String why = String.valueOf(failure.getMessage());
                distrust(why.substring(0, Math.min(MAX_REASON, why.length())));
            }
        });
    }

    Future<Void> close() {
        closed = true;
        vertx.cancelTimer(watch);
        vertx.cancelTimer(next);
        drop();
        endWaiting(false);
        return Future.succeededFuture();
    }

    /** Gives the connection up after an answer that a new connection, or time, may mend. */
    void distrust(String why) {
        LOG.atWarn().addKeyValue("line", name).addKeyValue("reason", why).log("redis is not usable, connecting anew");
        lost(generation);
    }

    private <T> Future<T> guarded(int calls, java.util.function.Function<RedisConnection, Future<T>> call) {
        RedisConnection c = connection;
        if (c == null) {
            return Future.failedFuture(away());
        }
        if (inFlight + calls > MAX_CALLS_IN_FLIGHT) {
            return Future.failedFuture(new UnsentException("too many calls wait for the store"));
        }
        int mine = generation;
        inFlight += calls;
        sent.add(System.nanoTime());
        Promise<T> promise = Promise.promise();
        call.apply(c).onComplete(result -> {
            if (mine == generation) {
                inFlight -= calls;
                sent.poll();
                settle(result.succeeded());
            }
            if (result.succeeded()) {
                promise.complete(result.result());
            } else {
                if (mine == generation && !closed && Elsewhere.now(result.cause())) {
                    Elsewhere.place(result.cause()).ifPresent(place.candidates()::prefer);
                    distrust("the store is elsewhere");
                }
                promise.fail(translate(result.cause()));
            }
        });
        return promise.future();
    }

    private void settle(boolean good) {
        if (!good) {
            return; // a connection that ends fails its calls before it says so
        }
        failures = 0;
        if (connection != null) {
            tell(true);
        }
    }

    /** Whether a call failed before anything of it was sent. */
    static boolean unsent(Throwable failure) {
        return failure instanceof UnsentException;
    }

    private static Throwable translate(Throwable cause) {
        return new GanglionException(
                ErrorCode.STORE_UNAVAILABLE, "the store did not answer: " + cause.getMessage(), null, cause);
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
        int mine = ++generation;
        next = NO_TIMER;
        inFlight = 0;
        sent.clear();
        attempted.addAll(waiting);
        waiting = new ArrayList<>();
        Route made = place.route();
        route = made;
        bounded(made::connect)
                .compose(c -> bounded(() -> load(c)).map(c))
                .onSuccess(c -> connected(mine, c))
                .onFailure(failure -> {
                    if (failures == 0) {
                        LOG.atWarn()
                                .addKeyValue("line", name)
                                .addKeyValue("reason", failure.getMessage())
                                .log("cannot connect to redis, going on trying");
                    }
                    lost(mine);
                });
    }

    private static <T> Future<T> bounded(Supplier<Future<T>> call) {
        return call.get().timeout(CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private static Future<List<Response>> load(RedisConnection c) {
        List<Request> requests = new ArrayList<>();
        for (Script script : Script.values()) {
            requests.add(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source()));
        }
        return c.batch(requests);
    }

    private void connected(int mine, RedisConnection c) {
        if (mine != generation || closed) {
            return;
        }
        RedisConnection watched = c.exceptionHandler(failure ->
                LOG.atDebug().setCause(failure).addKeyValue("line", name).log("the connection to redis failed"));
        connection = watched.endHandler(end -> lost(mine));
        first.tryComplete();
        tell(true);
    }

    private void endWaiting(boolean there) {
        List<Promise<Void>> waiters = attempted;
        attempted = new ArrayList<>();
        if (there || closed) {
            waiters.addAll(waiting);
            waiting = new ArrayList<>();
        }
        waiters.forEach(waiter -> {
            if (there) {
                waiter.tryComplete();
            } else {
                waiter.tryFail(away());
            }
        });
    }

    private void lost(int mine) {
        if (mine != generation || closed) {
            return;
        }
        generation++;
        tell(false);
        drop();
        failures++;
        long cap = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(failures, 10));
        long delay = cap / 2 + (long) (Math.random() * cap / 2) + 1;
        endWaiting(false);
        next = vertx.setTimer(waiting.isEmpty() ? delay : HURRY_MS, timer -> connect());
    }

    private void drop() {
        connection = null;
        if (route != null) {
            Route dropped = route;
            route = null;
            dropped.close().onFailure(failure -> LOG.trace("the connection was closed", failure));
        }
    }

    private void tell(boolean now) {
        if (available != now) {
            available = now;
            LOG.atInfo().addKeyValue("line", name).log(now ? "redis is there" : "redis is away");
            availability.handle(now);
            if (now) {
                endWaiting(true);
            }
        }
    }

    /** Finds a Redis that is connected and silent. */
    private void watch() {
        RedisConnection c = connection;
        if (c == null) {
            return;
        }
        Long oldest = sent.peek();
        if (oldest == null) {
            int mine = generation;
            // The end of a connection is not always told; calls on it fail at once then.
            send(Request.cmd(Command.PING)).onFailure(failure -> lost(mine));
            return;
        }
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - oldest);
        if (silentMs > GIVE_UP_MS) {
            distrust("silent for " + silentMs + " ms");
        } else if (silentMs > SILENCE_MS) {
            tell(false);
        }
    }
}
