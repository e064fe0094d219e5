package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The directory's entry for one agent: its slots and the claims that the store has not decided yet. For each worker
 * process, at most one hold has an epoch. Immutable.
 *
 * @param projectId id of the agent's project
 * @param projectSlug slug of the agent's project
 * @param shard the agent's shard
 * @param holds slots and claims, oldest first
 */
record AgentSlots(String projectId, String projectSlug, int shard, List<SlotHold> holds) {
    /**
     * Age in milliseconds at which a claim expires. A claim that is still undecided by then was lost with its node or
     * with a message.
     */
    static final long CLAIM_MS = 30_000;

    static AgentSlots none(SessionRef of) {
        return new AgentSlots(of.projectId(), of.projectSlug(), of.shard(), List.of());
    }

    /** Counts the worker processes whose slot a session on one of these nodes holds. */
    int held(Set<String> nodes) {
        return (int) holds.stream()
                .filter(hold -> !hold.pending() && nodes.contains(hold.node()))
                .map(SlotHold::worker)
                .distinct()
                .count();
    }

    /**
     * Counts the worker processes whose slot a session on one of these nodes holds or claims. Expired claims do not
     * count.
     */
    int count(Set<String> nodes, long now) {
        Set<String> workers = new HashSet<>();
        for (SlotHold hold : holds) {
            if (nodes.contains(hold.node()) && !(hold.pending() && now - hold.at() > CLAIM_MS)) {
                workers.add(hold.worker());
            }
        }
        return workers.size();
    }

    boolean has(String worker) {
        return holds.stream().anyMatch(hold -> hold.worker().equals(worker));
    }

    /** Adds a claim, unless its session already has a hold, and removes expired claims. */
    AgentSlots claimed(SlotHold claim) {
        return holds.stream().anyMatch(hold -> hold.session().equals(claim.session()))
                ? this
                : with(hold -> !(hold.pending() && claim.at() - hold.at() > CLAIM_MS), claim);
    }

    /** Adds a slot that the store granted, unless a slot of the same worker process with a higher epoch is known. */
    AgentSlots opened(SlotHold slot) {
        boolean late =
                holds.stream().anyMatch(hold -> hold.worker().equals(slot.worker()) && hold.epoch() > slot.epoch());
        return with(
                hold -> !hold.session().equals(slot.session())
                        && (late || hold.pending() || !hold.worker().equals(slot.worker())),
                late ? null : slot);
    }

    /** Removes the holds that match the predicate. */
    AgentSlots without(Predicate<SlotHold> gone) {
        return with(gone.negate(), null);
    }

    private AgentSlots with(Predicate<SlotHold> kept, @Nullable SlotHold added) {
        List<SlotHold> next = new ArrayList<>(holds.size() + 1);
        holds.stream().filter(kept).forEach(next::add);
        if (added != null) {
            next.add(added);
        }
        return new AgentSlots(projectId, projectSlug, shard, List.copyOf(next));
    }

    SessionRef session(String agentId, SlotHold hold) {
        return new SessionRef(projectId, projectSlug, shard, agentId, hold.worker(), hold.session(), hold.node(), null);
    }
}
