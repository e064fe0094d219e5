package dev.ganglion.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Decides which side of a split cluster continues to accept agents. */
final class SplitBrainRule {
    private SplitBrainRule() {}

    /**
     * Whether a node is on the losing side of a split. Nodes that have a record in the store but that the cluster does
     * not see form another side. The larger side wins; at a tie, the side that has the node with the lowest id wins.
     *
     * @param self id of the node that asks
     * @param peers nodes that it sees in the cluster
     * @param records records in the store, by node id
     */
    static boolean cutOff(String self, Set<String> peers, Map<String, NodeRecord> records) {
        Set<String> own = new HashSet<>(peers);
        own.retainAll(records.keySet());
        own.add(self);
        Set<String> unseen = new HashSet<>(records.keySet());
        unseen.removeAll(peers);
        unseen.remove(self);
        Set<String> rival = Set.of();
        for (String node : unseen) {
            Set<String> side = sideOf(node, unseen, records);
            if (before(side, rival)) {
                rival = side;
            }
        }
        return before(rival, own);
    }

    /** The unseen nodes that this unseen node sees in the cluster, including itself. */
    private static Set<String> sideOf(String node, Set<String> unseen, Map<String, NodeRecord> records) {
        Set<String> side = new HashSet<>(unseen);
        NodeRecord record = records.get(node);
        side.retainAll(record == null ? Set.of() : record.sees());
        side.add(node);
        return side;
    }

    private static boolean before(Collection<String> one, Collection<String> other) {
        if (one.isEmpty() || other.isEmpty() || one.size() != other.size()) {
            return one.size() > other.size();
        }
        return new TreeSet<>(one).first().compareTo(new TreeSet<>(other).first()) < 0;
    }
}
