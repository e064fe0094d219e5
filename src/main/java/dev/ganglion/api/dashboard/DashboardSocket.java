package dev.ganglion.api.dashboard;

import dev.ganglion.api.dashboard.DashboardAccess.Visitor;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.telemetry.BrainMetrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One dashboard's socket.
 *
 * <pre>
 * Fresh ──subscribe──▶ Asking ──it may look──▶ Live ──▶ Ended
 *   └──────bad, late─────┴────no role───────────┴─revoked, idle, slow…
 * </pre>
 *
 * All of it runs on the socket's context, but {@link #changed}, {@link #revoked} and {@link #isOf}, which may be called
 * from anywhere.
 */
final class DashboardSocket {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardSocket.class);
    private static final long TICK_MS = 1_000;
    private static final long CUT_MS = 5_000;
    private static final int MAX_PROJECT_ID = 64;

    private enum State {
        FRESH,
        ASKING,
        LIVE,
        ENDED
    }

    private final Vertx vertx;
    private final Context loop;
    private final ServerWebSocket socket;
    private final Channel channel;
    private final DashboardLimits limits;
    private final BrainMetrics metrics;
    private final Map<ChangeNotice.Topic, Long> told = new EnumMap<>(ChangeNotice.Topic.class);
    private final Map<ChangeNotice.Topic, Long> waiting = new EnumMap<>(ChangeNotice.Topic.class);
    private Buffer message = Buffer.buffer();
    private volatile @Nullable Visitor visitor;
    private volatile String projectId = "";
    private volatile State state = State.FRESH;
    private final long openedAt = System.nanoTime();
    private long heardAt = openedAt;
    private long askedAt = openedAt;
    private int messages;
    private long timer = -1;

    DashboardSocket(
            Vertx vertx, ServerWebSocket socket, Channel channel, DashboardLimits limits, BrainMetrics metrics) {
        this.vertx = vertx;
        this.loop = Objects.requireNonNull(Vertx.currentContext());
        this.socket = socket;
        this.channel = channel;
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Refuses what was let in for the sake of its close code. */
    void refused(DashboardClose why) {
        socket.frameHandler(frame -> {});
        end(why);
    }

    /** Begins to listen to somebody who is logged in. */
    void begin(Visitor who) {
        visitor = who;
        socket.setWriteQueueMaxSize(DashboardLimits.MAX_WAITING_BYTES);
        socket.frameHandler(this::onFrame);
        socket.exceptionHandler(failure -> LOG.trace("the socket failed", failure));
        socket.shutdownHandler(shutdown -> end(DashboardClose.GOING_AWAY));
        timer = vertx.setPeriodic(TICK_MS, tick -> tick(System.nanoTime()));
    }

    /** The socket is gone. */
    void closed() {
        state = State.ENDED;
        vertx.cancelTimer(timer);
    }

    boolean isOf(String session) {
        Visitor who = visitor;
        return who != null && who.sessionId().equals(session);
    }

    void revoked() {
        loop.runOnContext(v -> end(DashboardClose.NO_SESSION));
    }

    void changed(ChangeNotice change) {
        if (state == State.LIVE
                && (change.projectId().isEmpty() || change.projectId().equals(projectId))) {
            loop.runOnContext(v -> tell(change.topic()));
        }
    }

    /** At once, or at the end of the interval that began when the topic was told of last. */
    private void tell(ChangeNotice.Topic topic) {
        if (state != State.LIVE || waiting.containsKey(topic)) {
            return;
        }
        long interval = TimeUnit.MILLISECONDS.toNanos(DashboardLimits.EVENT_INTERVAL_MS);
        Long last = told.get(topic);
        long left = last == null ? 0 : interval - (System.nanoTime() - last);
        if (left <= 0) {
            told.put(topic, System.nanoTime());
            send(new JsonObject().put("type", "event").put("topic", topic.wireName()));
        } else {
            long delay = 1 + TimeUnit.NANOSECONDS.toMillis(left);
            waiting.put(topic, vertx.setTimer(delay, over -> {
                waiting.remove(topic);
                tell(topic);
            }));
        }
    }

    private void onFrame(WebSocketFrame frame) {
        if (state == State.ENDED) {
            return;
        }
        if (frame.isPing()) { // Vert.x answers pings, whether or not the answers are read
            if (socket.writeQueueFull()) {
                end(DashboardClose.SLOW_READER);
            } else if (++messages > DashboardLimits.MAX_MESSAGES) {
                end(DashboardClose.TOO_MANY_MESSAGES);
            }
            return;
        }
        if (frame.isBinary()) {
            end(DashboardClose.BAD_REQUEST);
            return;
        }
        if (!frame.isText() && !frame.isContinuation()) {
            return;
        }
        Buffer data = frame.binaryData();
        if (message.length() + data.length() > DashboardLimits.MAX_MESSAGE_BYTES) {
            end(DashboardClose.TOO_LARGE);
            return;
        }
        message.appendBuffer(data);
        if (frame.isFinal()) {
            String text = message.toString();
            message = Buffer.buffer();
            onMessage(text);
        }
    }

    private void onMessage(String text) {
        heardAt = System.nanoTime();
        if (++messages > DashboardLimits.MAX_MESSAGES) {
            end(DashboardClose.TOO_MANY_MESSAGES);
            return;
        }
        JsonObject json = object(text);
        if (state == State.FRESH && "subscribe".equals(json.getValue("type"))) {
            subscribe(json.getValue("project_id"));
        } else if (state == State.LIVE && "ping".equals(json.getValue("type"))) {
            send(new JsonObject().put("type", "pong"));
        } else {
            end(DashboardClose.BAD_REQUEST);
        }
    }

    /** What is no object is one that says nothing. */
    private static JsonObject object(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            return new JsonObject();
        }
    }

    private void subscribe(@Nullable Object wanted) {
        if (!(wanted instanceof String project) || project.isEmpty() || project.length() > MAX_PROJECT_ID) {
            end(DashboardClose.BAD_REQUEST);
            return;
        }
        state = State.ASKING;
        projectId = project;
        socket.pause();
        ask(Objects.requireNonNull(visitor), () -> {
            if (state == State.ASKING) {
                // Before the answer: what changes from here on is told.
                state = State.LIVE;
                send(new JsonObject().put("type", "ready"));
                socket.resume();
            }
        });
    }

    private void ask(Visitor who, Runnable admitted) {
        askedAt = System.nanoTime();
        who.standing(projectId)
                .onComplete(asked -> loop.runOnContext(v -> {
                    if (asked.failed()) {
                        if (state == State.ASKING) {
                            end(DashboardClose.STORE_UNAVAILABLE);
                        }
                        return;
                    }
                    switch (asked.result()) {
                        case GONE -> end(DashboardClose.NO_SESSION);
                        case NO_ROLE -> end(DashboardClose.NO_ROLE);
                        case ADMITTED -> admitted.run();
                    }
                }));
    }

    private void tick(long now) {
        messages = 0;
        if (state == State.FRESH && now - openedAt > limits.subscribe().toNanos()) {
            end(DashboardClose.SUBSCRIBE_TIMEOUT);
        } else if (state == State.LIVE && now - heardAt > limits.idle().toNanos()) {
            end(DashboardClose.IDLE);
        } else if (state == State.LIVE && now - askedAt > TimeUnit.SECONDS.toNanos(DashboardLimits.RECHECK_SECONDS)) {
            ask(Objects.requireNonNull(visitor), () -> {});
        }
    }

    private void send(JsonObject json) {
        if (state == State.ENDED || socket.isClosed()) {
            return;
        }
        if (socket.writeQueueFull()) {
            end(DashboardClose.SLOW_READER);
            return;
        }
        socket.writeTextMessage(json.encode()).onFailure(gone -> LOG.trace("the browser was gone", gone));
    }

    private void end(DashboardClose why) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        vertx.cancelTimer(timer);
        metrics.dashboardClosed(why.label());
        if (why == DashboardClose.SLOW_READER) { // a close frame would stand behind all that it does not read
            cut();
            return;
        }
        socket.resume();
        socket.close((short) why.code(), why.reason()).onFailure(gone -> LOG.trace("the browser was gone", gone));
        vertx.setTimer(CUT_MS, late -> cut());
    }

    /** From the pipeline's first handler: the last one, Vert.x's, would wait until all is written. */
    private void cut() {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && channel.isOpen()) {
            ChannelFuture unused = first.close();
        }
    }
}
