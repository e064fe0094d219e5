package dev.ganglion.projection.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.failure.Fingerprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what is counted over time, and that neither steps nor nodes make a difference. */
class RollUpsTest {
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    /** 2026-12-01T00:00:00Z. */
    private static final long NOON = 1_796_083_200_000L;

    private static final List<TransitionKind> KINDS = List.of(TransitionKind.values());

    private final StoredTotals stored = new StoredTotals();

    private void count(@Nullable String name, @Nullable String queue, TransitionKind kind, long atMs) {
        stored.rollUps().tasks(name, queue, NOON).count(kind, atMs, NOON, 1);
    }

    /** The counts of a kind by the beginning of the cell, over all series. */
    private Map<Long, Long> counts(RollUpLevel level, TransitionKind kind) {
        Map<Long, Long> counts = new TreeMap<>();
        stored.values.forEach((name, value) -> {
            if (RollUpLevel.of(name.block()) == level) {
                RollUpReader.read(name, value, new RollUpReader.Visitor() {
                    @Override
                    public void tasks(String task, String queue, long atMs, RollUpReader.TaskCounts found) {
                        if (found.count(kind) > 0) {
                            counts.merge(atMs, found.count(kind), Long::sum);
                        }
                    }
                });
            }
        });
        return counts;
    }

    @Test
    void countsTransitionsInTheMinuteInWhichTheyHappened() {
        count("a", "q", TransitionKind.STARTED, NOON - MINUTE);
        count("a", "q", TransitionKind.STARTED, NOON - 1);
        count("b", "q", TransitionKind.STARTED, NOON - 1);
        count("a", "q", TransitionKind.FAILED, NOON + 30_000);
        stored.store();

        assertThat(counts(RollUpLevel.MINUTE, TransitionKind.STARTED)).isEqualTo(Map.of(NOON - MINUTE, 3L));
        assertThat(counts(RollUpLevel.MINUTE, TransitionKind.FAILED)).isEqualTo(Map.of(NOON, 1L));
        assertThat(counts(RollUpLevel.QUARTER, TransitionKind.STARTED)).isEqualTo(Map.of(NOON - 15 * MINUTE, 3L));
        assertThat(counts(RollUpLevel.QUARTER, TransitionKind.SENT)).isEmpty();
    }

    @Test
    void addsToWhatAnotherNodeStored() {
        count("a", "q", TransitionKind.SENT, NOON);
        stored.store();
        stored.takeOver();
        count("a", "q", TransitionKind.SENT, NOON + 1);
        stored.store();

        assertThat(counts(RollUpLevel.MINUTE, TransitionKind.SENT)).isEqualTo(Map.of(NOON, 2L));
    }

    @Test
    void aStepThatIsWrittenTwiceChangesNothing() {
        count("a", "q", TransitionKind.SENT, NOON);
        stored.store();
        Map<BlockField, String> once = stored.dump();
        stored.apply(stored.last);

        assertThat(stored.dump()).isEqualTo(once);
    }

    @Test
    void aBlockExpiresAfterItsLastCell() {
        count("a", "q", TransitionKind.SENT, NOON);
        stored.store();

        assertThat(stored.expiry)
                .containsEntry(RollUpLevel.MINUTE.blocks(NOON, NOON + 1).get(0), NOON + 10 * MINUTE + 48 * HOUR)
                .containsEntry(RollUpLevel.QUARTER.blocks(NOON, NOON + 1).get(0), NOON + 3 * HOUR + 30 * 24 * HOUR)
                .containsEntry(SeriesDirectory.BLOCK, 0L);
    }

    @Test
    void anEventThatIsOlderThanALevelKeepsIsNotCountedThere() {
        count("a", "q", TransitionKind.SENT, NOON - 49 * HOUR);
        count("a", "q", TransitionKind.SENT, NOON - 31 * 24 * HOUR);
        stored.store();

        assertThat(counts(RollUpLevel.MINUTE, TransitionKind.SENT)).isEmpty();
        assertThat(counts(RollUpLevel.QUARTER, TransitionKind.SENT)).hasSize(1);
    }

    @Test
    void seriesBeyondTheLimitShareTheOverflow() {
        for (int i = 0; i < 1_500; i++) {
            count("task" + i, "q", TransitionKind.SENT, NOON);
        }
        stored.store();
        Map<String, Long> names = new TreeMap<>();
        stored.read(new RollUpReader.Visitor() {
            @Override
            public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts counts) {
                names.merge(name, counts.count(TransitionKind.SENT), Long::sum);
            }
        });

        assertThat(names).hasSize(RollUps.MAX_SERIES + 1).containsEntry(RollUps.OVERFLOW, 2L * 500);
    }

    @Test
    void aNewSeriesReplacesOneThatWasNotUsedForADay() {
        StoredTotals small = new StoredTotals(1 << 20, 2);
        for (String name : List.of("a", "b", "c")) {
            small.rollUps().tasks(name, "q", NOON).count(TransitionKind.SENT, NOON, NOON, 1);
        }
        long later = NOON + 25 * HOUR;
        small.rollUps().tasks("b", "q", later).count(TransitionKind.SENT, later, later, 1);
        later += 24 * HOUR;
        small.rollUps().tasks("c", "q", later).count(TransitionKind.SENT, later, later, 1);
        small.rollUps().tasks("a", "q", later).count(TransitionKind.SENT, later, later, 1);
        small.store();
        Set<String> current = new HashSet<>();
        long expected = later;
        small.read(new RollUpReader.Visitor() {
            @Override
            public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts counts) {
                if (atMs > expected - HOUR) {
                    current.add(name);
                }
            }
        });

        assertThat(current).containsExactlyInAnyOrder("c", RollUps.OVERFLOW);
    }

    @Test
    void aTaskThatIsNamedLikeTheOverflowSharesIt() {
        StoredTotals small = new StoredTotals(1 << 20, 1);
        small.rollUps().tasks("a", "q", NOON).count(TransitionKind.SENT, NOON, NOON, 1);
        small.rollUps().tasks("b", "q", NOON).count(TransitionKind.SENT, NOON, NOON, 1);
        small.rollUps().tasks(RollUps.OVERFLOW, RollUps.OVERFLOW, NOON).count(TransitionKind.SENT, NOON, NOON, 1);
        small.store();

        Map<String, Long> names = new TreeMap<>();
        small.read(new RollUpReader.Visitor() {
            @Override
            public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts counts) {
                names.put(name, counts.count(TransitionKind.SENT));
            }
        });
        assertThat(names).isEqualTo(Map.of("a", 1L, RollUps.OVERFLOW, 2L));
    }

    @Test
    void anyNameOfATaskSurvives() {
        String hostile = "7:x|\"é漢\uD83D\uDE00\n";
        count(hostile, null, TransitionKind.SENT, NOON);
        count(null, hostile, TransitionKind.SENT, NOON);
        count("n".repeat(400), "q", TransitionKind.SENT, NOON);
        stored.store();
        stored.takeOver();
        Set<String> names = new HashSet<>();
        stored.read(new RollUpReader.Visitor() {
            @Override
            public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts counts) {
                names.add(name + " in " + queue);
            }
        });

        assertThat(names)
                .containsExactlyInAnyOrder(
                        hostile + " in ", " in " + hostile, "n".repeat(SeriesName.MAX_LENGTH) + " in q");
    }

    @Test
    void keepsRuntimesAsAHistogram() {
        TaskTotals totals = stored.rollUps().tasks("a", "q", NOON);
        for (int i = 1; i <= 100; i++) {
            totals.ran(i * 10L, NOON, NOON, 1);
        }
        stored.store();
        DurationHistogram sum = new DurationHistogram();
        long[] total = new long[1];
        stored.read(new RollUpReader.Visitor() {
            @Override
            public void tasks(String name, String queue, long atMs, RollUpReader.TaskCounts counts) {
                counts.addRuntimesTo(sum);
                total[0] += counts.runtimeSum();
            }
        });

        assertThat(sum.count()).isEqualTo(200); // both levels
        assertThat(sum.percentile(0.95)).isBetween(920L, 980L);
        assertThat(total[0]).isEqualTo(2 * 50_500);
    }

    @Test
    void keepsFactsOfQueues() {
        QueueTotals queue = stored.rollUps().queue("celery", "mail", NOON);
        queue.depth(7, NOON + 20_000, NOON);
        queue.depth(90, NOON + 10_000, NOON);
        queue.depth(3, NOON + 30_000, NOON);
        queue.entered(NOON, NOON, 1);
        queue.entered(NOON, NOON, 1);
        queue.left(NOON + 5, NOON, 1);
        queue.waited(4_000, NOON + 5, NOON, 1);
        stored.store();
        List<String> facts = new ArrayList<>();
        stored.read(new RollUpReader.Visitor() {
            @Override
            public void queue(String engine, String name, long atMs, RollUpReader.QueueFacts found) {
                DurationHistogram waits = new DurationHistogram();
                found.addWaitsTo(waits);
                facts.add(engine + " " + name + " " + found.lastDepth() + " " + found.highestDepth() + " "
                        + found.entered() + " " + found.left() + " " + waits.longest());
            }
        });

        assertThat(facts)
                .hasSize(2)
                .containsOnly("celery mail 3 90 2 1 " + DurationHistogram.middle(DurationHistogram.bucket(4_000)));
    }

    @Test
    void countsEachWorkerOncePerMinute() {
        for (int i = 0; i < 1_000; i++) {
            stored.rollUps().worker("celery", "worker-" + i % 300, NOON + i, NOON);
        }
        stored.rollUps().worker("celery", "worker-1", NOON + MINUTE, NOON);
        stored.rollUps().workersOnline(12, NOON);
        stored.rollUps().workersOnline(9, NOON + 15_000);
        stored.store();
        stored.takeOver();
        stored.rollUps().worker("rq", "worker-1", NOON + MINUTE, NOON);
        stored.rollUps().worker("celery", "worker-1", NOON + MINUTE, NOON);
        stored.store();
        Map<Long, Integer> workers = new TreeMap<>();
        stored.values.forEach((name, value) -> {
            if (RollUpLevel.of(name.block()) == RollUpLevel.MINUTE) {
                RollUpReader.read(name, value, new RollUpReader.Visitor() {
                    @Override
                    public void workers(long atMs, int busy, int online) {
                        workers.put(atMs, busy);
                        assertThat(online).isEqualTo(atMs == NOON ? 12 : -1);
                    }
                });
            }
        });

        assertThat(workers).isEqualTo(Map.of(NOON, 300, NOON + MINUTE, 2));
    }

    @Test
    void countsOnlyWhenTheDirectoryIsLoadedAndWritesOnlyLoadedBlocks() {
        RollUps fresh = new RollUps(1);
        assertThatThrownBy(() -> fresh.tasks("a", "q", NOON)).isInstanceOf(IllegalStateException.class);
        fresh.load(Map.of());
        fresh.tasks("a", "q", NOON).count(TransitionKind.SENT, NOON, NOON, 1);

        assertThat(fresh.missing()).hasSize(2);
        assertThatThrownBy(() -> fresh.write(stored.last)).isInstanceOf(IllegalStateException.class);
    }

    /** One event of a random stream; its number determines everything but its times. */
    private record Event(int number, long atMs, long receivedMs) {
        void apply(StoredTotals totals) {
            RollUps rollUps = totals.rollUps();
            String name = "task" + number % 7;
            String queue = number % 5 == 0 ? null : "q" + number % 3;
            TransitionKind kind = KINDS.get(number % KINDS.size());
            TaskTotals tasks = rollUps.tasks(name, queue, receivedMs);
            tasks.count(kind, atMs, receivedMs, number % 11 == 0 ? -1 : 1);
            if (kind.isFinal()) {
                tasks.ran(number % 10_000, atMs, receivedMs, 1);
            }
            rollUps.worker("celery", "w" + number % 40, atMs, receivedMs);
            QueueTotals facts = rollUps.queue("celery", "q" + number % 9, receivedMs);
            facts.depth(number % 100, atMs, receivedMs);
            facts.waited(number % 5_000, atMs, receivedMs, 1);
            if (kind == TransitionKind.FAILED) {
                long fingerprint = 1L + number % 6;
                totals.groups()
                        .add(
                                new Failure(
                                        fingerprint,
                                        "6:celeryt" + number,
                                        atMs,
                                        receivedMs,
                                        "w" + number % 40,
                                        queue,
                                        "1.13.0"),
                                1,
                                () -> new Fingerprint("E" + fingerprint, "m", "f", name));
            }
        }
    }

    private static List<Event> events(Random random, int count) {
        List<Event> events = new ArrayList<>();
        long now = NOON;
        for (int i = 0; i < count; i++) {
            now += random.nextInt(20_000);
            long late = random.nextInt(20) == 0 ? random.nextInt(100) * HOUR : random.nextInt(90_000);
            events.add(new Event(random.nextInt(1_000_000), now - late, now));
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theSameEventsInOtherStepsGiveTheSameBytes(long seed) {
        Random random = new Random(seed);
        List<Event> events = events(random, 3_000);
        int most = 3 + random.nextInt(20);
        StoredTotals atOnce = new StoredTotals(Long.MAX_VALUE, most);
        events.forEach(event -> event.apply(atOnce));
        atOnce.store();

        StoredTotals inSteps = new StoredTotals(random.nextInt(200_000), most);
        for (Event event : events) {
            event.apply(inSteps);
            if (random.nextInt(50) == 0) {
                inSteps.store();
                inSteps.apply(inSteps.last);
                if (random.nextInt(5) == 0) {
                    inSteps.takeOver();
                }
            }
        }
        inSteps.store();

        assertThat(inSteps.dump()).isEqualTo(atOnce.dump());
    }

    @Test
    void memoryBetweenStepsStaysWithinItsBound() {
        long bound = 300_000;
        StoredTotals bounded = new StoredTotals(bound, RollUps.MAX_SERIES);
        long most = 0;
        for (int step = 0; step < 300; step++) {
            long now = NOON + step * MINUTE;
            for (int i = 0; i < 100; i++) {
                bounded.rollUps().tasks("task" + (step * 7 + i) % 900, "q", now).ran(i * 50L, now, now, 1);
            }
            bounded.store();
            most = Math.max(most, bounded.rollUps().bytes());
        }

        assertThat(most).isBetween(1L, bound);
    }

    @Test
    void blocksThatNoEventTouchesLeaveTheMemory() {
        for (int i = 0; i < 500; i++) {
            count("task" + i, "q", TransitionKind.SENT, NOON);
        }
        stored.store();
        long before = stored.rollUps().bytes();
        long later = NOON + 2 * BlockCache.IDLE_MS;
        stored.rollUps().tasks("task1", "q", later).count(TransitionKind.SENT, later, later, 1);
        stored.store();

        assertThat(stored.rollUps().bytes()).isBetween(1L, before / 100);
    }
}
