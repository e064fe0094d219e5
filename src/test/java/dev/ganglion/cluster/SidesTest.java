package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who stands back in a split; nodes are named so that a comes before b. */
class SidesTest {
    private final Map<String, NodeRecord> records = new HashMap<>();

    /** A node that lives by the store, and whom it sees. */
    @CanIgnoreReturnValue
    private SidesTest node(String id, String... sees) {
        Set<String> all = new TreeSet<>(List.of(sees));
        all.add(id);
        records.put(id, new NodeRecord(id, id + ":1", "1", Instant.EPOCH, 0, 0, false, all, 0));
        return this;
    }

    private boolean cutOff(String self, String... peers) {
        Set<String> all = new TreeSet<>(List.of(peers));
        all.add(self);
        return Sides.cutOff(self, all, records);
    }

    @Test
    void aNodeAloneAndAWholeClusterGoOn() {
        assertThat(cutOff("a")).as("before anybody has a record").isFalse();
        node("a", "b").node("b", "a");
        assertThat(cutOff("a", "b")).isFalse();
        assertThat(cutOff("b", "a")).isFalse();
    }

    @Test
    void theSmallerSideStandsBackWhateverItsIds() {
        node("a").node("b", "c").node("c", "b");
        assertThat(cutOff("a")).isTrue();
        assertThat(cutOff("b", "c")).isFalse();
        assertThat(cutOff("c", "b")).isFalse();
    }

    @Test
    void atATieTheSideWithTheLowestIdGoesOn() {
        node("a", "d").node("d", "a").node("b", "c").node("c", "b");
        assertThat(cutOff("a", "d")).isFalse();
        assertThat(cutOff("d", "a")).isFalse();
        assertThat(cutOff("b", "c")).isTrue();
        assertThat(cutOff("c", "b")).isTrue();
    }

    @Test
    void ofThreeSidesOneGoesOn() {
        node("a").node("b").node("c");
        assertThat(cutOff("a")).isFalse();
        assertThat(cutOff("b")).isTrue();
        assertThat(cutOff("c")).isTrue();

        node("d", "e").node("e", "d");
        assertThat(cutOff("a")).isTrue();
        assertThat(cutOff("b")).isTrue();
        assertThat(cutOff("e", "d")).as("two small sides are no large one").isFalse();
    }

    @Test
    void ofAllSplitsOfFiveNodesExactlyOneSideGoesOn() {
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
            assertThat(goingOn).as("split %s", java.util.Arrays.toString(sides)).hasSize(1);
        }
    }

    private static String[] side(List<String> all, int[] sides, int side) {
        return all.stream().filter(id -> sides[all.indexOf(id)] == side).toArray(String[]::new);
    }

    @Test
    void theDeadCountWhileTheirRecordStandsAndNoLonger() {
        node("a", "b", "c").node("b", "a", "c").node("c", "a", "b");
        assertThat(cutOff("c")).as("two may live elsewhere").isTrue();
        assertThat(cutOff("a", "b")).as("one of three died").isFalse();

        records.remove("a");
        assertThat(cutOff("c"))
                .as("one of the two is gone for sure, the other has the lower id")
                .isTrue();
        records.remove("b");
        assertThat(cutOff("c")).isFalse();
    }

    @Test
    void aNewcomerIsNotCountedBeforeItHasARecordAndCutsNobodyOffByComing() {
        node("b", "c").node("c", "b");
        assertThat(cutOff("b", "c", "a")).as("the cluster sees it first").isFalse();
        node("a");
        assertThat(cutOff("a")).as("the store sees it first").isTrue();
        assertThat(cutOff("b", "c")).isFalse();
        assertThat(cutOff("a", "b", "c")).isFalse();
    }

    @Test
    void aPeerThatTheStoreDoesNotKnowLendsNoWeight() {
        node("b").node("a");
        assertThat(cutOff("b", "x", "y")).isTrue();
    }
}
