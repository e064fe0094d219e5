package dev.ganglion.lane;

import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.lane.PollOutcome.AcksKept;
import dev.ganglion.lane.PollOutcome.PollEnded;
import dev.ganglion.lane.PollOutcome.PollOpened;
import dev.ganglion.lane.PollOutcome.Waiting;
import java.util.ArrayList;
import java.util.List;

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

    /** Wakes the polls that an outcome affects. */
    void after(Outcome outcome) {
        for (Waiting poll : concerned(outcome)) {
            nodes.send(poll.node(), new NodeMessage.PollWakeUp(poll.sessionId()));
        }
    }

    private static List<Waiting> concerned(Outcome outcome) {
        if (outcome instanceof Outcome.Claimed claimed) {
            return claimed.polls();
        } else if (outcome instanceof AcksKept kept && kept.poll() != null) {
            return List.of(kept.poll());
        } else if (outcome instanceof PollEnded ended && ended.poll() != null) {
            return List.of(ended.poll());
        }
        List<Waiting> all = new ArrayList<>();
        if (outcome instanceof PollOpened opened) {
            if (opened.before() != null) {
                all.add(opened.before());
            }
            opened.evicted().forEach(evicted -> {
                if (evicted.poll() != null) {
                    all.add(evicted.poll());
                }
            });
        }
        return all;
    }
}
