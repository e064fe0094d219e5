package dev.ganglion.gateway.poll;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tracks the polls that wait on one event loop, by agent. Confined to that event loop. */
final class WaitingPolls {
    private final Map<String, Set<CommandPoll>> byAgent = new HashMap<>();

    void add(CommandPoll poll) {
        byAgent.computeIfAbsent(poll.agentId(), id -> new LinkedHashSet<>(2)).add(poll);
    }

    void remove(CommandPoll poll) {
        byAgent.computeIfPresent(poll.agentId(), (id, polls) -> {
            polls.remove(poll);
            return polls.isEmpty() ? null : polls;
        });
    }

    /** Ends all polls because the node is shutting down, so that agents poll another node. */
    void endAll() {
        List.copyOf(byAgent.values()).forEach(polls -> List.copyOf(polls).forEach(CommandPoll::endForShutdown));
    }

    void revoked(String agentId) {
        List.copyOf(byAgent.getOrDefault(agentId, Set.of())).forEach(CommandPoll::revoked);
    }
}
