package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests which side of a split cluster rejects new agents. The node ids sort alphabetically. */
class SplitBrainRuleTest {
    private final Map<String, NodeRecord> records = new HashMap<>();

    /** Adds a node's record to the store, with the nodes that it sees. */
    @CanIgnoreReturnValue
    private SplitBrainRuleTest node(String id, String... sees) {
        Set<String> all = new TreeSet<>(List.of(sees));
        all.add(id);
        records.put(id, new NodeRecord(id, id + ":1", "1", Instant.EPOCH, NodeRecord.Load.NONE, false, all, 0));
        return this;
    }

    private boolean cutOff(String self, String... peers) {
        Set<String> all = new TreeSet<>(List.of(peers));
        all.add(self);
        return SplitBrainRule.cutOff(self, all, records);
    }

    @Test
    void doesNotCutOffALoneNodeOrAWholeCluster() {
        assertThat(cutOff("a")).as("no node has a record").isFalse();
        node("a", "b").node("b", "a");
        assertThat(cutOff("a", "b")).isFalse();
        assertThat(cutOff("b", "a")).isFalse();
    }

    @Test
    void cutsOffTheSmallerSideRegardlessOfIds() {
        node("a").node("b", "c").node("c", "b");
        assertThat(cutOff("a")).isTrue();
        assertThat(cutOff("b", "c")).isFalse();
        assertThat(cutOff("c", "b")).isFalse();
    }

    @Test
    void prefersTheSideWithTheLowestIdAtATie() {
        node("a", "d").node("d", "a").node("b", "c").node("c", "b");
        assertThat(cutOff("a", "d")).isFalse();
        assertThat(cutOff("d", "a")).isFalse();
        assertThat(cutOff("b", "c")).isTrue();
        assertThat(cutOff("c", "b")).isTrue();
    }

    @Test
    void prefersTheSideWithTheOldestNodeAtATie() {
        node("a");
        records.put(
                "b",
                new NodeRecord(
                        "b", "b:1", "1", Instant.EPOCH.minusSeconds(1), NodeRecord.Load.NONE, false, Set.of("b"), 0));
        assertThat(cutOff("a")).as("joined later").isTrue();
        assertThat(cutOff("b")).isFalse();
    }

    private boolean outranked(String self, String... peers) {
        Set<String> all = new TreeSet<>(List.of(peers));
        all.add(self);
        return SplitBrainRule.outranked(self, all, records);
    }

    @Test
    void keepsOneOfTwoNodesThatReachOnlyACommonNode() {
        node("a", "b").node("b", "a", "c").node("c", "b");
        assertThat(outranked("a", "b")).isFalse();
        assertThat(outranked("b", "a", "c")).isFalse();
        assertThat(outranked("c", "b")).as("as many nodes, and a is older").isTrue();

        node("c", "b", "d").node("d", "b", "c").node("b", "a", "c", "d");
        assertThat(outranked("a", "b")).as("c and d see more nodes").isTrue();
        assertThat(outranked("c", "b", "d")).isFalse();
        assertThat(outranked("b", "a", "c", "d")).isFalse();
    }

    @Test
    void leavesAWholeSplitToTheRuleOfSides() {
        node("a").node("b", "c").node("c", "b");
        assertThat(outranked("a")).isFalse();
        assertThat(outranked("b", "c")).isFalse();
    }

    @Test
    void keepsOneOfThreeSides() {
        node("a").node("b").node("c");
        assertThat(cutOff("a")).isFalse();
        assertThat(cutOff("b")).isTrue();
        assertThat(cutOff("c")).isTrue();

        node("d", "e").node("e", "d");
        assertThat(cutOff("a")).isTrue();
        assertThat(cutOff("b")).isTrue();
        assertThat(cutOff("e", "d")).as("two small sides do not add up").isFalse();
    }

    @Test
    void keepsExactlyOneSideInEverySplitOfFiveNodes() {
        List<String> all = List.of("a", "b", "c", "d", "e");
        int[] sides = new int[all.size()];
        for (int split = 0; split < Math.pow(3, all.size()); split++) {
            for (int i = 0, rest = split; i < sides.length; i++, rest /= 3) {
                sides[i] = rest % 3;
            }
            Set<Integer> goingOn = new TreeSet<>();
            for (int i = 0; i < sides.length; i++) {
                node(all.get(i), side(all, sides, sides[i]));
            }
            for (int i = 0; i < sides.length; i++) {
                if (!cutOff(all.get(i), side(all, sides, sides[i]))) {
                    goingOn.add(sides[i]);
                }
            }
            assertThat(goingOn).as("split %s", Arrays.toString(sides)).hasSize(1);
        }
    }

    private static String[] side(List<String> all, int[] sides, int side) {
        return all.stream().filter(id -> sides[all.indexOf(id)] == side).toArray(String[]::new);
    }

    @Test
    void countsADeadNodeUntilItsRecordExpires() {
        node("a", "b", "c").node("b", "a", "c").node("c", "a", "b");
        assertThat(cutOff("c")).as("two nodes may live on the other side").isTrue();
        assertThat(cutOff("a", "b")).as("one of three died").isFalse();

        records.remove("a");
        assertThat(cutOff("c"))
                .as("one node is dead, and the other has the lower id")
                .isTrue();
        records.remove("b");
        assertThat(cutOff("c")).isFalse();
    }

    @Test
    void doesNotCutOffOtherNodesWhenANodeJoins() {
        node("b", "c").node("c", "b");
        assertThat(cutOff("b", "c", "a"))
                .as("Hazelcast sees the new node first")
                .isFalse();
        node("a");
        assertThat(cutOff("a")).as("the store sees the new node first").isTrue();
        assertThat(cutOff("b", "c")).isFalse();
        assertThat(cutOff("a", "b", "c")).isFalse();
    }

    @Test
    void doesNotCountAPeerWithoutARecord() {
        node("b").node("a");
        assertThat(cutOff("b", "x", "y")).isTrue();
    }
}
