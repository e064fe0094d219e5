package dev.ganglion.cluster;

import com.hazelcast.map.EntryProcessor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps that change an agent's entry, on the member that owns it. Each may run more than once, and changes nothing
 * then.
 */
final class SlotSteps {
    /** Of a claim: there is room. */
    static final int GRANTED = 1;
    /** Of a claim: there is none, every slot is held. */
    static final int FULL = 2;
    /** Of a claim: there is none if all that are claimed are given; the store decides, nothing is noted. */
    static final int CONTESTED = 3;

    private SlotSteps() {}

    /** Counts, and notes the claim. A slot that is held may always be claimed by the same worker. */
    record Claim(AgentSlots empty, Hold claim, int cap, List<String> trusted)
            implements EntryProcessor<String, AgentSlots, Integer> {
        @Override
        public Integer process(Map.Entry<String, AgentSlots> entry) {
            AgentSlots slots = entry.getValue() == null ? empty : entry.getValue();
            if (cap > 0 && !slots.has(claim.worker())) {
                Set<String> nodes = new HashSet<>(trusted);
                if (slots.held(nodes) >= cap) {
                    return FULL;
                } else if (slots.count(nodes, claim.at()) >= cap) {
                    return CONTESTED;
                }
            }
            put(entry, slots.claimed(claim));
            return GRANTED;
        }
    }

    /** Notes the slot of a session, which the store gave it. */
    record Open(AgentSlots empty, Hold slot) implements EntryProcessor<String, AgentSlots, Boolean> {
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

    /** Takes away what is a session's, and only that. */
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

    /** Takes away what other nodes than these hold since a while, and says what it was. */
    record DropStrangers(Set<String> live, long before) implements EntryProcessor<String, AgentSlots, AgentSlots> {
        @Override
        public @Nullable AgentSlots process(Map.Entry<String, AgentSlots> entry) {
            return drop(entry, hold -> !live.contains(hold.node()) && hold.at() < before);
        }
    }

    /** Takes away what a node is said to hold since a while and does not. */
    record DropForgotten(String node, Set<String> sessions, long before)
            implements EntryProcessor<String, AgentSlots, AgentSlots> {
        @Override
        public @Nullable AgentSlots process(Map.Entry<String, AgentSlots> entry) {
            return drop(
                    entry,
                    hold -> hold.node().equals(node) && hold.at() < before && !sessions.contains(hold.session()));
        }
    }

    private static @Nullable AgentSlots drop(
            Map.Entry<String, AgentSlots> entry, java.util.function.Predicate<Hold> gone) {
        AgentSlots slots = entry.getValue();
        if (slots == null || slots.holds().stream().noneMatch(gone)) {
            return null;
        }
        put(entry, slots.without(gone));
        return slots.without(gone.negate());
    }

    /** An agent without slots has no entry. */
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
