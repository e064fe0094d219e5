package dev.ganglion.api.dashboard;

import dev.ganglion.api.dashboard.DashboardAccess.Visitor;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.socket.GuardedSocket;
import dev.ganglion.socket.PauseReason;
import dev.ganglion.socket.SocketListener;
import dev.ganglion.socket.Violation;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one dashboard. It notifies the browser of changes in one project.
 *
 * <pre>
 *   OPEN ──subscribe──&gt; CHECKING ──visitor has a role──&gt; SUBSCRIBED
 *     │                    │                               │
 *     └─────────── violation, no role, session ended ──────┴────────&gt; ENDED
 * </pre>
 *
 * <p>Confined to the context of the socket, except {@link #changed}, {@link #accessChanged}, {@link #revoked} and
 * {@link #isOf}, which are thread-safe.
 */
final class DashboardSocket implements SocketListener {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardSocket.class);
    private static final long TICK_MS = 1_000;
    private static final int MAX_PROJECT_ID_LENGTH = 64;
    private static final long EVENT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(DashboardLimits.EVENT_INTERVAL_MS);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(DashboardLimits.RECHECK_SECONDS);

    private enum State {
        OPEN,
        CHECKING,
        SUBSCRIBED,
        ENDED
    }

    private final GuardedSocket socket;
    private final Context context;
    private final Vertx vertx;
    private final Ticker ticker;
    private final BrainMetrics metrics;
    private final Consumer<DashboardSocket> onClosed;
    /** When the browser was last notified of each topic. */
    private final Map<ChangeNotice.Topic, Long> notifiedAt = new EnumMap<>(ChangeNotice.Topic.class);
    /** Timers of the notifications that wait for the end of their interval. */
    private final Map<ChangeNotice.Topic, Long> delayed = new EnumMap<>(ChangeNotice.Topic.class);

    private volatile @Nullable Visitor visitor;
    private volatile String projectId = "";
    private volatile State state = State.OPEN;
    private long checkedAt;
    private int messagesThisSecond;
    private long timer = -1;

    /**
     * Creates the socket of a dashboard.
     *
     * @param onClosed called when the connection is closed
     */
    DashboardSocket(GuardedSocket socket, Ticker ticker, BrainMetrics metrics, Consumer<DashboardSocket> onClosed) {
        this.socket = socket;
        this.context = socket.context();
        this.vertx = context.owner();
        this.ticker = ticker;
        this.metrics = metrics;
        this.onClosed = onClosed;
    }

    /** Ends a socket that was opened only to send its close code. */
    void reject(DashboardClose code) {
        socket.attach(this);
        end(code);
    }

    /** Starts to serve a visitor who is logged in. */
    void start(Visitor loggedIn) {
        visitor = loggedIn;
        socket.attach(this);
        socket.onShutdown(() -> end(DashboardClose.GOING_AWAY));
        timer = vertx.setPeriodic(TICK_MS, id -> tick(ticker.nanos()));
    }

    @Override
    public void onClosed(int code) {
        state = State.ENDED;
        vertx.cancelTimer(timer);
        onClosed.accept(this);
    }

    /** Whether the socket belongs to the login session {@code sessionId}. */
    boolean isOf(String sessionId) {
        Visitor current = visitor;
        return current != null && current.sessionId().equals(sessionId);
    }

    /** Ends the socket because its login session has ended. */
    void revoked() {
        context.runOnContext(v -> end(DashboardClose.NO_SESSION));
    }

    /** Checks the role again if the rights of the socket's user, or its project, changed. */
    void accessChanged(String subjectId) {
        Visitor current = visitor;
        if (current != null && (current.userId().equals(subjectId) || projectId.equals(subjectId))) {
            context.runOnContext(v -> {
                if (state == State.CHECKING || state == State.SUBSCRIBED) {
                    check(() -> {});
                }
            });
        }
    }

    /** Notifies the browser if the change concerns its project or the whole cluster. */
    void changed(ChangeNotice change) {
        if (state == State.SUBSCRIBED
                && (change.projectId().isEmpty() || change.projectId().equals(projectId))) {
            context.runOnContext(v -> notifyOf(change.topic()));
        }
    }

    /** Notifies the browser at once, or when the interval since the previous notification of the topic has passed. */
    private void notifyOf(ChangeNotice.Topic topic) {
        if (state != State.SUBSCRIBED || delayed.containsKey(topic)) {
            return;
        }
        long now = ticker.nanos();
        Long previous = notifiedAt.get(topic);
        long remaining = previous == null ? 0 : EVENT_INTERVAL_NANOS - (now - previous);
        if (remaining <= 0) {
            notifiedAt.put(topic, now);
            send(new JsonObject().put("type", "event").put("topic", topic.wireName()));
        } else {
            long delay = 1 + TimeUnit.NANOSECONDS.toMillis(remaining);
            delayed.put(topic, vertx.setTimer(delay, id -> {
                delayed.remove(topic);
                notifyOf(topic);
            }));
        }
    }

    @Override
    public void onPing() {
        countMessage();
    }

    private void countMessage() {
        if (++messagesThisSecond > DashboardLimits.MAX_MESSAGES_PER_SECOND) {
            end(DashboardClose.TOO_MANY_MESSAGES);
        }
    }

    @Override
    public void onMessage(Buffer message) {
        countMessage();
        if (state == State.ENDED) {
            return;
        }
        JsonObject json = parse(message);
        if (state == State.OPEN && "subscribe".equals(json.getValue("type"))) {
            subscribe(json.getValue("project_id"));
        } else if (state == State.SUBSCRIBED && "ping".equals(json.getValue("type"))) {
            send(new JsonObject().put("type", "pong"));
        } else {
            end(DashboardClose.BAD_REQUEST);
        }
    }

    /** Parses a message. Text that is not a JSON object yields an empty object, which is no valid message. */
    private static JsonObject parse(Buffer message) {
        try {
            return new JsonObject(message.toString());
        } catch (DecodeException | ClassCastException e) {
            return new JsonObject();
        }
    }

    private void subscribe(@Nullable Object id) {
        if (!(id instanceof String project) || project.isEmpty() || project.length() > MAX_PROJECT_ID_LENGTH) {
            end(DashboardClose.BAD_REQUEST);
            return;
        }
        state = State.CHECKING;
        projectId = project;
        socket.pauseReading(PauseReason.OPENING, true);
        check(() -> {
            if (state == State.CHECKING) {
                // Subscribe before the reply, so that the browser misses no change after it.
                state = State.SUBSCRIBED;
                send(new JsonObject().put("type", "ready"));
                socket.pauseReading(PauseReason.OPENING, false);
            }
        });
    }

    /** Checks the standing of the visitor in the project, and ends the socket unless the visitor is admitted. */
    private void check(Runnable admitted) {
        checkedAt = ticker.nanos();
        Objects.requireNonNull(visitor)
                .standing(projectId)
                .onComplete(standing -> context.runOnContext(v -> {
                    if (standing.failed()) {
                        if (state == State.CHECKING) {
                            end(DashboardClose.STORE_UNAVAILABLE);
                        }
                        return;
                    }
                    switch (standing.result()) {
                        case GONE -> end(DashboardClose.NO_SESSION);
                        case NO_ROLE -> end(DashboardClose.NO_ROLE);
                        case ADMITTED -> admitted.run();
                    }
                }));
    }

    private void tick(long now) {
        messagesThisSecond = 0;
        socket.tick(now);
        if (state == State.SUBSCRIBED && now - checkedAt > RECHECK_NANOS) {
            check(() -> {});
        }
    }

    @Override
    public void onViolation(Violation violation) {
        switch (violation) {
            case NO_FIRST_MESSAGE -> end(DashboardClose.SUBSCRIBE_TIMEOUT);
            case IDLE -> end(DashboardClose.IDLE);
            case SLOW_READER -> end(DashboardClose.SLOW_READER);
            case OVER_BUDGET -> end(DashboardClose.OVER_BUDGET);
            case MESSAGE_TOO_LARGE -> end(DashboardClose.TOO_LARGE);
            case UNEXPECTED_FRAME -> end(DashboardClose.BAD_REQUEST);
            case FRAME_TOO_LARGE, MALFORMED_FRAME -> LOG.trace("The browser sent an invalid frame: {}", violation);
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.trace("The socket failed", failure);
    }

    private void send(JsonObject json) {
        if (state != State.ENDED) {
            socket.write(json.toBuffer().getBytes());
        }
    }

    private void end(DashboardClose code) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        vertx.cancelTimer(timer);
        metrics.dashboardClosed(code.label());
        if (code == DashboardClose.SLOW_READER || code == DashboardClose.OVER_BUDGET) {
            // A close frame would wait behind the output that the browser does not read.
            socket.cut();
        } else {
            socket.close(code.code(), code.reason());
        }
    }
}
