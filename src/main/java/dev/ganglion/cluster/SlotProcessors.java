package dev.ganglion.cluster;

import com.hazelcast.map.EntryProcessor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The steps that change an agent's entry, as Hazelcast entry processors. They run on the member that owns the entry.
 * Hazelcast may run a step more than once, so every step is idempotent.
 */
final class SlotProcessors {
    /** Result of a claim: a slot is free. */
    static final int GRANTED = 1;
    /** Result of a claim: sessions hold all slots of the agent. */
    static final int FULL = 2;
    /**
     * Result of a claim: no slot is free if the store grants all undecided claims. The store decides, and the directory
     * does not record this claim.
     */
    static final int UNDECIDED = 3;

    private SlotProcessors() {}

    /** Claims a slot if the agent is below its cap. A worker process may always claim a slot that it already holds. */
    record Claim(AgentSlots empty, SlotHold claim, int cap, List<String> trusted)
            implements EntryProcessor<String, AgentSlots, Integer> {
        @Override
        public Integer process(Map.Entry<String, AgentSlots> entry) {
            AgentSlots slots = entry.getValue() == null ? empty : entry.getValue();
            if (cap > 0 && !slots.has(claim.worker())) {
                Set<String> nodes = new HashSet<>(trusted);
                if (slots.held(nodes) >= cap) {
                    return FULL;
                } else if (slots.count(nodes, claim.at()) >= cap) {
                    return UNDECIDED;
                }
            }
            put(entry, slots.claimed(claim));
            return GRANTED;
        }
    }

    /** Records a slot that the store granted to a session. Returns whether the entry did not have it yet. */
    record Open(AgentSlots empty, SlotHold slot) implements EntryProcessor<String, AgentSlots, Boolean> {
        @Override
        public Boolean process(Map.Entry<String, AgentSlots> entry) {
            AgentSlots slots = entry.getValue() == null ? empty : entry.getValue();
            boolean known = slots.holds().stream()
                    .anyMatch(hold -> hold.session().equals(slot.session()) && hold.epoch() == slot.epoch());
            if (!known) {
                put(entry, slots.opened(slot));
            }
            return !known;
        }
    }

    /** Removes the hold of one session. Returns whether the agent has an entry. */
    record Release(String session) implements EntryProcessor<String, AgentSlots, Boolean> {
        @Override
        public Boolean process(Map.Entry<String, AgentSlots> entry) {
            AgentSlots slots = entry.getValue();
            if (slots != null) {
                put(entry, slots.without(hold -> hold.session().equals(session)));
            }
            return slots != null;
        }
    }

    /**
     * Removes the holds of nodes outside {@code live} that are older than {@code before}. Returns the removed holds.
     */
    record DropDeadNodes(Set<String> live, long before) implements EntryProcessor<String, AgentSlots, AgentSlots> {
        @Override
        public @Nullable AgentSlots process(Map.Entry<String, AgentSlots> entry) {
            return drop(entry, hold -> !live.contains(hold.node()) && hold.at() < before);
        }
    }

    /**
     * Removes the holds of a node that are older than {@code before} and that belong to none of its sessions. Returns
     * the removed holds.
     */
    record DropStaleHolds(String node, Set<String> sessions, long before)
            implements EntryProcessor<String, AgentSlots, AgentSlots> {
        @Override
        public @Nullable AgentSlots process(Map.Entry<String, AgentSlots> entry) {
            return drop(
                    entry,
                    hold -> hold.node().equals(node) && hold.at() < before && !sessions.contains(hold.session()));
        }
    }

    private static @Nullable AgentSlots drop(Map.Entry<String, AgentSlots> entry, Predicate<SlotHold> gone) {
        AgentSlots slots = entry.getValue();
        if (slots == null || slots.holds().stream().noneMatch(gone)) {
            return null;
        }
        put(entry, slots.without(gone));
        return slots.without(gone.negate());
    }

    /** Stores the entry, or removes it when the agent has no holds. */
    private static void put(Map.Entry<String, AgentSlots> entry, AgentSlots next) {
        if (next.holds().isEmpty()) {
            remove(entry);
        } else if (!next.equals(entry.getValue())) {
            entry.setValue(next);
        }
    }

    @SuppressWarnings("NullAway") // Hazelcast removes an entry whose value is set to null
    private static void remove(Map.Entry<String, AgentSlots> entry) {
        if (entry.getValue() != null) {
            entry.setValue(null);
        }
    }
}
