package dev.ganglion.gateway;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The polls that wait on one event loop, by agent. */
final class WaitingPolls {
    private final Map<String, Set<PollWait>> byAgent = new HashMap<>();

    void add(PollWait poll) {
        byAgent.computeIfAbsent(poll.agentId(), id -> new LinkedHashSet<>(2)).add(poll);
    }

    void remove(PollWait poll) {
        byAgent.computeIfPresent(poll.agentId(), (id, polls) -> {
            polls.remove(poll);
            return polls.isEmpty() ? null : polls;
        });
    }

    /** The node leaves: whoever waits asks another one. */
    void endAll() {
        List.copyOf(byAgent.values()).forEach(polls -> List.copyOf(polls).forEach(PollWait::leave));
    }

    void revoked(String agentId) {
        List.copyOf(byAgent.getOrDefault(agentId, Set.of())).forEach(PollWait::revoked);
    }
}
