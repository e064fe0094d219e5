package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The order of a lane: what waits, what is on its way to the store, and what has to go again.
 *
 * <p>Messages that wait together share one call (group commit), and so do those that come in one turn of the event
 * loop; beyond that turn no message waits while the line is free. When the store is lost, everything unanswered goes again in the same order when it is back, marked as retried. Runs on one
 * context; knows neither Vert.x nor the store.
 *
 * <pre>
 *   offer ──> waiting ──take──> on its way ──answered──> outcome
 *                ^                   │
 *                └───── lost ────────┘        given up ──> gaveUp (all but closes, which must not be lost)
 * </pre>
 */
final class FrameLane {
    /** Calls on their way at once: one that the store is busy with, and one for when it has done it. */
    static final int GROUPS_IN_FLIGHT = 2;
    /** Messages that share a call. */
    static final int GROUP_SIZE = 128;

    /** A lane is crowded for so long after messages had to wait in it. */
    static final long CROWDED_NANOS = 100_000_000;

    /** One call on its way. */
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
    private final Deque<Group> onTheWay = new ArrayDeque<>();
    private final List<LaneCall> returned = new ArrayList<>();
    private final Consumer<Group> sender;
    private final Consumer<Runnable> soon;
    private boolean pumping;
    private boolean available = true;
    private long offered;
    private final LongSupplier nanos;
    private volatile long crowdedAt;

    /** {@code soon} runs an action behind what the event loop has before it already. */
    FrameLane(Consumer<Group> sender, Consumer<Runnable> soon) {
        this(sender, soon, System::nanoTime);
    }

    FrameLane(Consumer<Group> sender, Consumer<Runnable> soon, LongSupplier nanos) {
        this.sender = sender;
        this.soon = soon;
        this.nanos = nanos;
        this.crowdedAt = nanos.getAsLong() - CROWDED_NANOS;
    }

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
     * Hands the outcomes out in order, unless the group was given up meanwhile. Behind a group that was lost they would
     * come too early: the group goes again with it, and gets the same outcomes then.
     */
    void answered(Group group, List<Outcome> outcomes, BiConsumer<LaneMessage, Outcome> each) {
        if (!returned.isEmpty()) {
            lost(group);
            return;
        }
        if (!onTheWay.remove(group)) {
            return;
        }
        for (int i = 0; i < outcomes.size(); i++) {
            each.accept(group.entries.get(i).message(), outcomes.get(i));
        }
        pump();
    }

    /** The store was lost with this group on its way: it, and all behind it, go again when the store is back. */
    void lost(Group group) {
        available = false;
        if (!onTheWay.remove(group)) {
            return;
        }
        // Groups fail in the order sent, so a later group's entries belong behind what is already back.
        group.entries.forEach(entry -> returned.add(entry.again()));
        if (onTheWay.isEmpty()) {
            for (int i = returned.size() - 1; i >= 0; i--) {
                waiting.addFirst(returned.get(i));
            }
            returned.clear();
        }
    }

    /** The store could not even be asked: this group never went, and goes no more. Its senders are to be told. */
    List<LaneMessage> refused(Group group) {
        onTheWay.remove(group);
        return group.entries.stream().map(LaneCall::message).toList();
    }

    void available(boolean now) {
        available = now;
        pump();
    }

    /** Takes out everything but closes, for its senders to be told. */
    List<LaneMessage> giveUp() {
        List<LaneMessage> givenUp = new ArrayList<>();
        List<LaneCall> kept = new ArrayList<>();
        List<LaneCall> all = new ArrayList<>(returned);
        onTheWay.forEach(group -> group.entries.forEach(entry -> all.add(entry.again())));
        all.addAll(waiting);
        for (LaneCall entry : all) {
            if (entry.message().mustTakeEffect()) {
                kept.add(entry);
            } else {
                givenUp.add(entry.message());
            }
        }
        returned.clear();
        onTheWay.clear();
        waiting.clear();
        waiting.addAll(kept);
        return givenUp;
    }

    int depth() {
        int depth = waiting.size() + returned.size();
        for (Group group : onTheWay) {
            depth += group.entries.size();
        }
        return depth;
    }

    /** Whether messages had to wait a moment ago: more come than the store takes. On any thread. */
    boolean crowded() {
        return nanos.getAsLong() - crowdedAt < CROWDED_NANOS;
    }

    private void pump() {
        while (available && returned.isEmpty() && !waiting.isEmpty() && onTheWay.size() < GROUPS_IN_FLIGHT) {
            List<LaneCall> entries = new ArrayList<>(Math.min(waiting.size(), GROUP_SIZE));
            while (entries.size() < GROUP_SIZE && !waiting.isEmpty()) {
                entries.add(waiting.poll());
            }
            Group group = new Group(entries);
            onTheWay.add(group);
            sender.accept(group);
        }
        if (!waiting.isEmpty()) {
            crowdedAt = nanos.getAsLong();
        }
    }
}
