package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one lane: receives the messages of its agents from the bus, passes them to the store in order, and has their
 * outcomes answered. {@link FrameLane} keeps the order, {@link StoreWatch} the availability of the store, and {@link
 * LaneAnswers} handles the outcomes.
 */
public final class LaneVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LaneVerticle.class);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final long DRAIN_POLL_MS = 10;
    private static final long ANNOUNCE_MS = 1_000;
    private static final long RETRY_MS = 500;

    private final int lane;
    private final LocalBus bus;
    private final FrameStore store;
    private final BrainMetrics metrics;
    private final Ticker ticker;
    private final FrameLane queue;
    private final StoreWatch watch;
    private final LaneAnswers answers;

    /**
     * The clock and the time limit of a lane.
     *
     * @param ticker measures how long messages wait
     * @param pauseLimit longest time that unanswered messages wait for an unreachable store, 5 to 45 s
     */
    public record Timing(Ticker ticker, Duration pauseLimit) {}

    /**
     * Creates a lane that does not listen yet.
     *
     * @param lane number of the lane, from 0
     * @param nodes the bus between the nodes
     * @param store the store, with a connection of this lane's own
     */
    public LaneVerticle(int lane, LocalBus bus, NodeBus nodes, FrameStore store, BrainMetrics metrics, Timing timing) {
        this.lane = lane;
        this.bus = bus;
        this.store = store;
        this.metrics = metrics;
        this.ticker = timing.ticker();
        this.queue = new FrameLane(this::send, action -> context.runOnContext(v -> action.run()), ticker);
        this.watch = new StoreWatch(lane, bus, metrics, this::after, timing.pauseLimit(), this::giveUp);
        this.answers = new LaneAnswers(bus, nodes, metrics, this::after, queue::offer, ticker);
    }

    private Runnable after(long millis, Runnable action) {
        long timer = vertx.setTimer(millis, id -> action.run());
        return () -> vertx.cancelTimer(timer);
    }

    @Override
    public Future<?> start() {
        store.availabilityHandler(this::onConnection);
        // Announce the state periodically, for listeners that start later than this lane.
        vertx.setPeriodic(ANNOUNCE_MS, timer -> watch.announce());
        return store.start()
                .compose(connected -> vertx.eventBus()
                        .<LaneMessage>localConsumer(Addresses.frames(lane), message -> queue.offer(message.body()))
                        .completion());
    }

    /** Waits until the queued messages have taken effect, at most 2 s, and closes the store. */
    @Override
    public Future<?> stop() {
        Promise<Void> drained = Promise.promise();
        long end = ticker.nanos() + DRAIN.toNanos();
        vertx.setPeriodic(DRAIN_POLL_MS, timer -> {
            if (queue.depth() == 0 || !watch.available() || ticker.nanos() > end) {
                vertx.cancelTimer(timer);
                drained.tryComplete();
            }
        });
        return drained.future().compose(done -> store.close());
    }

    /** Whether messages had to wait for the store a moment ago. May be called on any thread. */
    public boolean crowded() {
        return queue.crowded();
    }

    private void send(FrameLane.Group group) {
        long sent = ticker.nanos();
        Future<List<Outcome>> outcome;
        try {
            outcome = store.apply(group.entries());
        } catch (RuntimeException e) {
            refuse(group, e);
            return;
        }
        outcome.onSuccess(outcomes -> {
                    metrics.storeCall(ticker.nanos() - sent);
                    queue.answered(group, outcomes, answers::answer);
                    watch.answered(store.available());
                })
                .onFailure(failure -> onFailure(group, failure));
    }

    private void onFailure(FrameLane.Group group, Throwable failure) {
        LOG.atDebug()
                .setCause(failure)
                .addKeyValue("lane", lane)
                .log("The store did not answer a call; the lane sends its messages again");
        watch.unanswered();
        queue.lost(group);
        if (store.available()) {
            // The connection is not the cause, so no reconnect will start the lane again.
            vertx.setTimer(RETRY_MS, timer -> onConnection(store.available()));
        }
    }

    /**
     * Ends the sessions whose messages share a call that fails because of a defect. The lane continues with the other
     * messages.
     */
    private void refuse(FrameLane.Group group, RuntimeException defect) {
        LOG.atError()
                .setCause(defect)
                .addKeyValue("lane", lane)
                .log("Cannot build a call to the store; ending the sessions whose messages it contains");
        endSessions(queue.refused(group), CloseCode.INTERNAL_ERROR);
    }

    private void giveUp() {
        endSessions(queue.giveUp(), CloseCode.STORE_UNAVAILABLE);
    }

    private void endSessions(List<LaneMessage> messages, CloseCode code) {
        for (LaneMessage message : messages) {
            SessionRef session = message.session();
            if (session != null) {
                bus.send(session.address(), new SessionMessage.End(code));
            }
        }
    }

    private void onConnection(boolean connected) {
        if (connected) {
            watch.connected(queue.depth() > 0);
            queue.available(true);
        } else {
            watch.disconnected();
        }
    }
}
