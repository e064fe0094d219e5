package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.hazelcast.map.EntryProcessor;
import dev.ganglion.bus.SessionRef;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the steps on an agent's directory entry. Each step runs twice, to show that it is idempotent. */
class SlotProcessorsTest {
    private static final AgentSlots EMPTY = AgentSlots.none(session("", ""));
    private static final List<String> TRUSTED = List.of("n1", "n2");

    private Map.Entry<String, AgentSlots> entry = empty();

    @SuppressWarnings("NullAway") // Hazelcast passes such an entry for a key without a value
    private static Map.Entry<String, AgentSlots> empty() {
        return new AbstractMap.SimpleEntry<>("agent", null);
    }

    private static SessionRef session(String worker, String session) {
        return new SessionRef("p", "slug", 2, "agent", worker, session, "n1", null);
    }

    private static SlotHold hold(String worker, String session, String node, long epoch, long at) {
        return new SlotHold(worker, session, node, epoch, at);
    }

    /** Runs a step twice and verifies that the second run changes nothing. Returns the first run's result. */
    @CanIgnoreReturnValue
    private <R> R run(EntryProcessor<String, AgentSlots, R> step) {
        R answer = step.process(entry);
        AgentSlots after = entry.getValue();
        step.process(entry);
        assertThat(entry.getValue()).as("second run of %s", step).isEqualTo(after);
        return answer;
    }

    @CanIgnoreReturnValue
    private int claim(String worker, String session, String node, int cap, long at) {
        return run(new SlotProcessors.Claim(EMPTY, hold(worker, session, node, 0, at), cap, TRUSTED));
    }

    @CanIgnoreReturnValue
    private boolean open(String worker, String session, String node, long epoch) {
        return run(new SlotProcessors.Open(EMPTY, hold(worker, session, node, epoch, epoch)));
    }

    private List<String> sessions() {
        return entry.getValue() == null
                ? List.of()
                : entry.getValue().holds().stream().map(SlotHold::session).toList();
    }

    @Test
    void grantsClaimsUpToTheCapPerWorkerProcess() {
        assertThat(claim("w1", "s1", "n1", 2, 1)).isEqualTo(SlotProcessors.GRANTED);
        assertThat(claim("w2", "s2", "n2", 2, 1)).isEqualTo(SlotProcessors.GRANTED);
        assertThat(claim("w3", "s3", "n1", 2, 1)).isEqualTo(SlotProcessors.UNDECIDED);
        assertThat(claim("w2", "s4", "n1", 2, 1))
                .as("a worker process may always claim its own slot")
                .isEqualTo(SlotProcessors.GRANTED);
        assertThat(claim("w3", "s3", "n1", 3, 1))
                .as("two claims of a worker process count as one slot")
                .isEqualTo(SlotProcessors.GRANTED);
        assertThat(claim("w4", "s5", "n1", 0, 1)).as("no cap").isEqualTo(SlotProcessors.GRANTED);
        assertThat(sessions()).containsExactly("s1", "s2", "s4", "s3", "s5");
    }

    @Test
    void rejectsAClaimAsFullOnlyWhenSessionsHoldAllSlots() {
        open("w1", "s1", "n1", 1);
        claim("w2", "s2", "n2", 2, 1);
        assertThat(claim("w3", "s3", "n1", 2, 1)).as("one held, one claimed").isEqualTo(SlotProcessors.UNDECIDED);
        open("w2", "s2", "n2", 2);
        assertThat(claim("w3", "s3", "n1", 2, 1)).as("two held").isEqualTo(SlotProcessors.FULL);
        assertThat(claim("w3", "s3", "n1", 3, 1)).as("two held of three").isEqualTo(SlotProcessors.GRANTED);
        assertThat(sessions()).containsExactly("s1", "s2", "s3");
    }

    @Test
    void recordsNothingForARejectedClaim() {
        claim("w1", "s1", "n1", 1, 1);
        AgentSlots before = entry.getValue();
        assertThat(claim("w2", "s2", "n1", 1, 1)).isEqualTo(SlotProcessors.UNDECIDED);
        assertThat(entry.getValue()).isSameAs(before);
        assertThat(EMPTY.holds()).isEmpty();
    }

    @Test
    void countsOnlySlotsOfTrustedNodes() {
        open("w1", "s1", "gone", 1);
        assertThat(claim("w2", "s2", "n1", 1, 2)).isEqualTo(SlotProcessors.GRANTED);
        assertThat(claim("w3", "s3", "n1", 1, 2)).isEqualTo(SlotProcessors.UNDECIDED);
    }

    @Test
    void expiresAnUndecidedClaim() {
        claim("w1", "s1", "n1", 1, 1_000);
        assertThat(claim("w2", "s2", "n1", 1, 1_000 + AgentSlots.CLAIM_MS)).isEqualTo(SlotProcessors.UNDECIDED);
        assertThat(claim("w2", "s2", "n1", 1, 1_001 + AgentSlots.CLAIM_MS)).isEqualTo(SlotProcessors.GRANTED);
        assertThat(sessions()).containsExactly("s2");
    }

    @Test
    void doesNotExpireAHeldSlot() {
        open("w1", "s1", "n1", 1);
        assertThat(claim("w2", "s2", "n1", 1, 1_000 * AgentSlots.CLAIM_MS)).isEqualTo(SlotProcessors.FULL);
    }

    @Test
    void replacesTheClaimAndTheOldSlotByTheGrantedSlot() {
        open("w", "old", "n2", 4);
        claim("w", "new", "n1", 1, 10);
        assertThat(sessions()).containsExactly("old", "new");
        assertThat(open("w", "new", "n1", 5)).isTrue();
        assertThat(entry.getValue().holds()).containsExactly(hold("w", "new", "n1", 5, 5));
        assertThat(open("w", "new", "n1", 5)).as("asserted again").isFalse();
    }

    @Test
    void keepsSlotsAndClaimsOfOtherWorkerProcesses() {
        open("other", "o", "n1", 9);
        claim("w", "pending", "n2", 0, 10);
        open("w", "s", "n1", 2);
        assertThat(sessions()).containsExactly("o", "pending", "s");
    }

    @Test
    void keepsTheHighestEpochInEveryOrderOfArrival() {
        Random random = new Random(4);
        for (int round = 0; round < 500; round++) {
            entry = empty();
            List<Runnable> steps = new ArrayList<>();
            for (int epoch = 1; epoch <= 5; epoch++) {
                String session = "s" + epoch;
                String node = "n" + epoch % 2;
                long order = epoch;
                steps.add(() -> open("w", session, node, order));
                if (epoch < 5) {
                    steps.add(() -> run(new SlotProcessors.Claim(EMPTY, hold("w", session, node, 0, 1), 1, TRUSTED)));
                }
            }
            Collections.shuffle(steps, random);
            steps.forEach(Runnable::run);
            assertThat(entry.getValue().holds())
                    .filteredOn(hold -> !hold.pending())
                    .containsExactly(hold("w", "s5", "n1", 5, 5));
        }
    }

    @Test
    void releasesOnlyTheSlotOfThatSession() {
        open("w", "s1", "n1", 1);
        open("w", "s2", "n2", 2);
        run(new SlotProcessors.Release("s1"));
        assertThat(sessions())
                .as("a late release of the old session changes nothing")
                .containsExactly("s2");
        run(new SlotProcessors.Release("s2"));
        assertThat(entry.getValue()).as("an agent without slots has no entry").isNull();
        run(new SlotProcessors.Release("s2"));
        assertThat(entry.getValue()).isNull();
    }

    @Test
    void releasesAClaim() {
        claim("w", "s1", "n1", 1, 1);
        run(new SlotProcessors.Release("s1"));
        assertThat(entry.getValue()).isNull();
    }

    @Test
    void dropsAndReturnsTheSlotsOfDeadNodes() {
        open("a", "s1", "n1", 1);
        open("b", "s2", "gone", 2);
        open("c", "s3", "gone", 100);
        AgentSlots dropped =
                Objects.requireNonNull(new SlotProcessors.DropDeadNodes(Set.copyOf(TRUSTED), 50).process(entry));
        assertThat(dropped.holds()).containsExactly(hold("b", "s2", "gone", 2, 2));
        assertThat(dropped.session("agent", dropped.holds().get(0)))
                .isEqualTo(new SessionRef("p", "slug", 2, "agent", "b", "s2", "gone", null));
        assertThat(sessions()).as("a young slot stays").containsExactly("s1", "s3");
        assertThat(new SlotProcessors.DropDeadNodes(Set.copyOf(TRUSTED), 50).process(entry))
                .isNull();

        run(new SlotProcessors.DropDeadNodes(Set.of(), 1_000));
        assertThat(entry.getValue()).isNull();
        assertThat(new SlotProcessors.DropDeadNodes(Set.of(), 1_000).process(entry))
                .isNull();
    }

    @Test
    void dropsSlotsThatNoSessionOfTheNodeHas() {
        open("a", "s1", "n1", 1);
        open("b", "s2", "n1", 2);
        open("c", "s3", "n2", 3);
        claim("d", "s4", "n1", 0, 4);
        open("e", "s5", "n1", 100);
        run(new SlotProcessors.DropStaleHolds("n1", Set.of("s1"), 50));
        assertThat(sessions()).containsExactly("s1", "s3", "s5");
    }
}
