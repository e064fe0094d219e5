package dev.ganglion.lane;

import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.lane.PollOutcome.Evicted;
import dev.ganglion.lane.PollOutcome.PollOpened;
import dev.ganglion.lane.PollOutcome.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wakes waiting polls on any node when frames may be ready for them or when their session has ended. A wake-up is only
 * a hint, and the store decides: a poll woken without reason waits on, and a poll that misses a wake-up ends at its
 * time limit.
 */
final class PollWakeUps {
    private final NodeBus nodes;

    PollWakeUps(NodeBus nodes) {
        this.nodes = nodes;
    }

    void wake(List<Waiting> polls) {
        polls.forEach(this::wake);
    }

    /** Wakes a poll, if there is one. */
    void wake(@Nullable Waiting poll) {
        if (poll != null) {
            nodes.send(poll.node(), new NodeMessage.PollWakeUp(poll.sessionId()));
        }
    }

    /** Wakes the poll that a new one replaces, and the polls of sessions that ended to make room. */
    void wakeReplaced(PollOpened opened) {
        wake(opened.before());
        for (Evicted evicted : opened.evicted()) {
            wake(evicted.poll());
        }
    }
}
