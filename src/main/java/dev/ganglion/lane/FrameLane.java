package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.telemetry.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Keeps the order of a lane's messages. Tracks which messages wait, which are in calls to the store, and which have to
 * be sent again.
 *
 * <p>Messages that wait together share one call (group commit). So do messages that arrive in one turn of the event
 * loop. Beyond that turn, no message waits while the connection is free. When the store is lost, the lane keeps all
 * unanswered messages. Once the store is back, the lane sends them again in the same order, marked as retried. Runs on
 * one context, and knows neither Vert.x nor the store.
 *
 * <pre>
 *   offer ──> waiting ──pump──> in flight ──answered──> outcome
 *                ^                  │
 *                └────── lost ──────┘        giveUp ──> returned to the caller, except what must take effect
 * </pre>
 */
final class FrameLane {
    /** Most calls in flight: one that the store works on, and one that is ready when the store has finished. */
    static final int GROUPS_IN_FLIGHT = 2;
    /** Most messages in a call. */
    static final int GROUP_SIZE = 128;

    /** Time for which a lane counts as crowded after messages had to wait, in nanoseconds. */
    static final long CROWDED_NANOS = 100_000_000;

    /** The messages of one call. */
    static final class Group {
        private final List<LaneCall> entries;

        private Group(List<LaneCall> entries) {
            this.entries = entries;
        }

        List<LaneCall> entries() {
            return entries;
        }
    }

    private final Deque<LaneCall> waiting = new ArrayDeque<>();
    private final Deque<Group> inFlight = new ArrayDeque<>();
    private final List<LaneCall> returned = new ArrayList<>();
    private final Consumer<Group> sender;
    private final Consumer<Runnable> soon;
    private boolean pumping;
    private boolean available = true;
    private long offered;
    private final Ticker ticker;
    private volatile long crowdedAt;

    /**
     * Creates an empty lane.
     *
     * @param sender makes a call to the store
     * @param soon runs an action after the events that the event loop has queued already
     */
    FrameLane(Consumer<Group> sender, Consumer<Runnable> soon, Ticker ticker) {
        this.sender = sender;
        this.soon = soon;
        this.ticker = ticker;
        this.crowdedAt = ticker.nanos() - CROWDED_NANOS;
    }

    /** Adds a message behind all others. */
    void offer(LaneMessage message) {
        waiting.add(new LaneCall(message, false, ++offered));
        if (!pumping) {
            pumping = true;
            soon.accept(() -> {
                pumping = false;
                pump();
            });
        }
    }

    /**
     * Passes on the outcomes of a group in order, unless the lane has given up the group. If an earlier group was lost,
     * these outcomes would overtake the outcomes of that group. The lane then sends this group again as well, and the
     * store returns the same outcomes.
     */
    void answered(Group group, List<Outcome> outcomes, BiConsumer<LaneMessage, Outcome> each) {
        if (!returned.isEmpty()) {
            lost(group);
            return;
        }
        if (!inFlight.remove(group)) {
            return;
        }
        for (int i = 0; i < outcomes.size(); i++) {
            each.accept(group.entries.get(i).message(), outcomes.get(i));
        }
        pump();
    }

    /**
     * Records that the store did not answer this group. The group and all groups behind it are sent again when the
     * store is back.
     */
    void lost(Group group) {
        available = false;
        if (!inFlight.remove(group)) {
            return;
        }
        // Groups fail in the order of sending, so the entries of this group belong behind those that returned already.
        group.entries.forEach(entry -> returned.add(entry.again()));
        if (inFlight.isEmpty()) {
            for (int i = returned.size() - 1; i >= 0; i--) {
                waiting.addFirst(returned.get(i));
            }
            returned.clear();
        }
    }

    /** Drops a group for which the lane could not build a call, and returns its messages. */
    List<LaneMessage> refused(Group group) {
        inFlight.remove(group);
        return group.entries.stream().map(LaneCall::message).toList();
    }

    /** Sets whether the store is connected. */
    void available(boolean now) {
        available = now;
        pump();
    }

    /** Removes and returns all messages except those that must take effect. */
    List<LaneMessage> giveUp() {
        List<LaneMessage> givenUp = new ArrayList<>();
        List<LaneCall> kept = new ArrayList<>();
        List<LaneCall> all = new ArrayList<>(returned);
        inFlight.forEach(group -> group.entries.forEach(entry -> all.add(entry.again())));
        all.addAll(waiting);
        for (LaneCall entry : all) {
            if (entry.message().mustTakeEffect()) {
                kept.add(entry);
            } else {
                givenUp.add(entry.message());
            }
        }
        returned.clear();
        inFlight.clear();
        waiting.clear();
        waiting.addAll(kept);
        return givenUp;
    }

    /** The number of messages without an outcome. */
    int depth() {
        int depth = waiting.size() + returned.size();
        for (Group group : inFlight) {
            depth += group.entries.size();
        }
        return depth;
    }

    /**
     * Whether messages had to wait a moment ago, because more arrive than the store processes. May be called on any
     * thread.
     */
    boolean crowded() {
        return ticker.nanos() - crowdedAt < CROWDED_NANOS;
    }

    private void pump() {
        while (available && returned.isEmpty() && !waiting.isEmpty() && inFlight.size() < GROUPS_IN_FLIGHT) {
            List<LaneCall> entries = new ArrayList<>(Math.min(waiting.size(), GROUP_SIZE));
            while (entries.size() < GROUP_SIZE && !waiting.isEmpty()) {
                entries.add(waiting.poll());
            }
            Group group = new Group(entries);
            inFlight.add(group);
            sender.accept(group);
        }
        if (!waiting.isEmpty()) {
            crowdedAt = ticker.nanos();
        }
    }
}
