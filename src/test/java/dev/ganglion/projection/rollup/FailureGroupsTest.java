package dev.ganglion.projection.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.failure.Fingerprint;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests what is kept of failures with the same fingerprint. */
class FailureGroupsTest {
    private static final long NOON = 1_796_083_200_000L;
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final Fingerprint PARTS =
            new Fingerprint("PaymentError", "card <n>", "shop/pay.py:pay", "shop.charge");

    private final StoredTotals stored = new StoredTotals();

    private static Failure failure(long fingerprint, String task, long atMs) {
        return new Failure(fingerprint, task, atMs, atMs, "w1", "mail", "1.13.0");
    }

    private static void add(StoredTotals totals, Failure failure) {
        totals.groups().add(failure, 1, () -> PARTS);
    }

    private FailureGroup group(long fingerprint) {
        stored.store();
        stored.takeOver(); // everything is read back from its bytes
        return Objects.requireNonNull(stored.groups().find(fingerprint));
    }

    @Test
    void keepsWhenWhereAndHowOftenATaskFailed() {
        add(stored, failure(5, "t1", NOON + 60_000));
        add(stored, failure(5, "t2", NOON));
        stored.groups().add(new Failure(5, "t3", NOON + 1, NOON, "w2", null, null), 1, () -> PARTS);
        FailureGroup group = group(5);

        assertThat(group.parts()).isEqualTo(PARTS);
        assertThat(group.total()).isEqualTo(3);
        assertThat(group.firstMs()).isEqualTo(NOON);
        assertThat(group.lastMs()).isEqualTo(NOON + 60_000);
        assertThat(group.workers()).isEqualTo(Map.of("w1", 2L, "w2", 1L));
        assertThat(group.queues()).isEqualTo(Map.of("mail", 2L, "", 1L));
        assertThat(group.agentVersions()).isEqualTo(Map.of("1.13.0", 2L, "", 1L));
    }

    @Test
    void keepsTheFirstAndTheLatestTwoTasksInAnyOrderOfArrival() {
        for (int i : new int[] {4, 2, 9, 1, 7}) {
            add(stored, failure(5, "t" + i, NOON + i));
        }
        assertThat(group(5).samples()).containsExactly("t1", "t9", "t7");

        add(stored, failure(5, "t7", NOON + 10)); // the same task fails again
        assertThat(group(5).samples()).containsExactly("t1", "t7", "t9");
    }

    @Test
    void namesTheOnlyTaskOnce() {
        add(stored, failure(5, "t1", NOON));

        assertThat(group(5).samples()).containsExactly("t1");
    }

    @Test
    void countsFailuresPerMinute() {
        add(stored, failure(5, "t1", NOON));
        add(stored, failure(5, "t2", NOON + 1));
        add(stored, failure(6, "t3", NOON));
        stored.store();
        Map<String, Long> found = new TreeMap<>();
        stored.read(new RollUpReader.Visitor() {
            @Override
            public void failures(String fingerprint, long atMs, long failures) {
                found.merge(fingerprint + "@" + (atMs - NOON), failures, Long::sum);
            }
        });

        assertThat(found).isEqualTo(Map.of("0000000000000005@0", 4L, "0000000000000006@0", 2L)); // both levels
    }

    @Test
    void aCorrectionTakesBackACount() {
        add(stored, failure(5, "t1", NOON));
        add(stored, failure(5, "t2", NOON));
        stored.groups().add(failure(5, "t2", NOON), -1, () -> PARTS);

        assertThat(group(5).total()).isEqualTo(1);
        assertThat(group(5).workers()).isEqualTo(Map.of("w1", 1L));
    }

    @Test
    void namesBeyondTheLimitShareOneCount() {
        for (int i = 0; i < 50; i++) {
            stored.groups().add(new Failure(5, "t", NOON, NOON, "w" + i, "q".repeat(600), null), 1, () -> PARTS);
        }
        FailureGroup group = group(5);

        assertThat(group.workers()).hasSize(NameCounts.MAX_NAMES + 1).containsEntry(RollUps.OVERFLOW, 18L);
        assertThat(group.queues()).isEqualTo(Map.of("q".repeat(SeriesName.MAX_LENGTH), 50L));
    }

    @Test
    void groupsBeyondTheLimitShareOneGroup() {
        for (int i = 1; i <= FailureGroups.MAX_GROUPS + 20; i++) {
            add(stored, failure(i, "t" + i, NOON));
        }
        stored.store();

        assertThat(stored.groups().find(FailureGroups.MAX_GROUPS)).isNotNull();
        assertThat(stored.groups().find(FailureGroups.MAX_GROUPS + 1)).isNull();
        byte[] overflow = stored.values.entrySet().stream()
                .filter(value -> value.getKey().field().equals(RollUps.OVERFLOW))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(FailureGroup.decode(overflow).total()).isEqualTo(20);
        assertThat(FailureGroup.decode(overflow).fingerprint()).isZero();
    }

    @Test
    void aNewGroupReplacesOneThatWasNotSeenForADay() {
        StoredTotals small = new StoredTotals(1 << 20, 2);
        add(small, failure(1, "t1", NOON));
        add(small, failure(2, "t2", NOON + DAY));
        add(small, failure(3, "t3", NOON + DAY));
        add(small, failure(4, "t4", NOON + DAY));
        small.store();
        small.takeOver();

        assertThat(small.groups().find(1)).isNull();
        assertThat(small.groups().find(2)).isNotNull();
        assertThat(small.groups().find(3)).isNotNull();
        assertThat(small.groups().find(4)).isNull();
    }
}
