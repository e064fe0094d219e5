package dev.ganglion.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which side of a split a node is on. */
final class Sides {
    private Sides() {}

    /**
     * Whether a node is on the side that has to stand back: nodes that live by the store and that the cluster does not
     * see make another side. The larger one goes on; at a tie, the one with the lowest id.
     *
     * @param self the node that asks
     * @param peers whom it sees in the cluster
     * @param records the records that stand in the store, by node
     */
    static boolean cutOff(String self, Set<String> peers, Map<String, NodeRecord> records) {
        Set<String> mine = new HashSet<>(peers);
        mine.retainAll(records.keySet());
        mine.add(self);
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
        return before(rival, mine);
    }

    /** Of those that we do not see, the ones that this one does. */
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
