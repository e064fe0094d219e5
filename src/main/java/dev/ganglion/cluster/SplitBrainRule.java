package dev.ganglion.cluster;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Decides which nodes of a divided cluster continue to accept agents. Two nodes are divided if Hazelcast does not
 * connect them, or if they cannot exchange messages.
 */
final class SplitBrainRule {
    private final String self;
    private final Set<String> own;
    private final Map<String, NodeRecord> records;

    private SplitBrainRule(String self, Set<String> own, Map<String, NodeRecord> records) {
        this.self = self;
        this.own = own;
        this.records = records;
    }

    /**
     * Whether a node is on the losing side. Nodes that have a record in the store but that this node does not see form
     * another side. The larger side wins. At a tie, the side that has the oldest node wins, so that a node that joins
     * wrongly configured does not stop one that serves.
     *
     * @param self id of the node that asks
     * @param peers nodes that it sees
     * @param records records in the store, by node id
     */
    static boolean cutOff(String self, Set<String> peers, Map<String, NodeRecord> records) {
        return of(self, peers, records).cutOff();
    }

    /**
     * Whether some node sees both this node and an unseen one, and this node must give way. Only one of these two may
     * continue: the one that sees more nodes, then the older one. The records may be a second old, so the caller must
     * wait until the answer is stable.
     */
    static boolean outranked(String self, Set<String> peers, Map<String, NodeRecord> records) {
        SplitBrainRule rule = of(self, peers, records);
        return rule.unseen().stream().anyMatch(node -> rule.isBehindACommonNode(node) && rule.outranks(node));
    }

    private static SplitBrainRule of(String self, Set<String> peers, Map<String, NodeRecord> records) {
        Set<String> own = new HashSet<>(peers);
        own.retainAll(records.keySet());
        own.add(self);
        return new SplitBrainRule(self, own, records);
    }

    private boolean cutOff() {
        Set<String> unseen = unseen();
        Set<String> rival = Set.of();
        for (String node : unseen) {
            Set<String> side = sideOf(node, unseen);
            if (before(side, rival)) {
                rival = side;
            }
        }
        return before(rival, own);
    }

    private Set<String> unseen() {
        Set<String> unseen = new HashSet<>(records.keySet());
        unseen.removeAll(own);
        return unseen;
    }

    /** Whether a node that this node sees also sees an unseen node. */
    private boolean isBehindACommonNode(String node) {
        return own.stream()
                .anyMatch(common -> !common.equals(self)
                        && sees(common).contains(node)
                        && sees(node).contains(common));
    }

    private boolean outranks(String node) {
        Set<String> its = new HashSet<>(sees(node));
        its.retainAll(records.keySet());
        return its.size() != own.size() ? its.size() > own.size() : age().compare(node, self) < 0;
    }

    /** The unseen nodes that this unseen node sees, including itself. */
    private Set<String> sideOf(String node, Set<String> unseen) {
        Set<String> side = new HashSet<>(unseen);
        side.retainAll(sees(node));
        side.add(node);
        return side;
    }

    private Set<String> sees(String node) {
        NodeRecord record = records.get(node);
        return record == null ? Set.of() : record.sees();
    }

    private boolean before(Collection<String> one, Collection<String> other) {
        if (one.isEmpty() || other.isEmpty() || one.size() != other.size()) {
            return one.size() > other.size();
        }
        return age().compare(oldest(one), oldest(other)) < 0;
    }

    private String oldest(Collection<String> side) {
        return side.stream().min(age()).orElseThrow();
    }

    /** Orders nodes by the time of their start, then by id. */
    private Comparator<String> age() {
        return Comparator.<String, Instant>comparing(
                        node -> records.containsKey(node) ? records.get(node).startedAt() : Instant.MAX)
                .thenComparing(Comparator.naturalOrder());
    }
}
