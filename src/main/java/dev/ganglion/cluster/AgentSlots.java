package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the directory has of one agent. At most one hold of a worker has an epoch; besides, there may be claims that the
 * store has not yet decided about.
 *
 * @param projectId the agent's project
 * @param projectSlug that project's name
 * @param shard the agent's shard
 * @param holds slots and claims, oldest first
 */
record AgentSlots(String projectId, String projectSlug, int shard, List<Hold> holds) {
    /** A claim that nobody decided about in so long was lost with its node, or with a message. */
    static final long CLAIM_MS = 30_000;

    static AgentSlots none(SessionRef of) {
        return new AgentSlots(of.projectId(), of.projectSlug(), of.shard(), List.of());
    }

    /** Workers whose slot is held on one of these nodes. */
    int held(Set<String> nodes) {
        return (int) holds.stream()
                .filter(hold -> !hold.pending() && nodes.contains(hold.node()))
                .map(Hold::worker)
                .distinct()
                .count();
    }

    /** Workers whose slot is held or claimed on one of these nodes. */
    int count(Set<String> nodes, long now) {
        Set<String> workers = new HashSet<>();
        for (Hold hold : holds) {
            if (nodes.contains(hold.node()) && !(hold.pending() && now - hold.at() > CLAIM_MS)) {
                workers.add(hold.worker());
            }
        }
        return workers.size();
    }

    boolean has(String worker) {
        return holds.stream().anyMatch(hold -> hold.worker().equals(worker));
    }

    /** With a claim besides what is there, unless that session has one. */
    AgentSlots claimed(Hold claim) {
        return holds.stream().anyMatch(hold -> hold.session().equals(claim.session()))
                ? this
                : with(hold -> !(hold.pending() && claim.at() - hold.at() > CLAIM_MS), claim);
    }

    /** With a slot that the store gave, unless a later one is known. */
    AgentSlots opened(Hold slot) {
        boolean late =
                holds.stream().anyMatch(hold -> hold.worker().equals(slot.worker()) && hold.epoch() > slot.epoch());
        return with(
                hold -> !hold.session().equals(slot.session())
                        && (late || hold.pending() || !hold.worker().equals(slot.worker())),
                late ? null : slot);
    }

    /** Without the holds that this is true of. */
    AgentSlots without(Predicate<Hold> gone) {
        return with(gone.negate(), null);
    }

    private AgentSlots with(Predicate<Hold> kept, @Nullable Hold added) {
        List<Hold> next = new ArrayList<>(holds.size() + 1);
        holds.stream().filter(kept).forEach(next::add);
        if (added != null) {
            next.add(added);
        }
        return new AgentSlots(projectId, projectSlug, shard, List.copyOf(next));
    }

    SessionRef session(String agentId, Hold hold) {
        return new SessionRef(projectId, projectSlug, shard, agentId, hold.worker(), hold.session(), hold.node(), null);
    }
}
