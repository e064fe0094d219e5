package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.segment.Terms.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {
    private final Terms terms = new Terms();

    @Test
    void numbersEachTextOfAKindOnce() {
        assertThat(terms.use(Kind.NAME, "a", 1)).isEqualTo(1);
        assertThat(terms.use(Kind.NAME, "b", 1)).isEqualTo(2);
        assertThat(terms.use(Kind.NAME, "a", 1)).isEqualTo(1);
        assertThat(terms.use(Kind.QUEUE, "a", 1)).isEqualTo(1);
        assertThat(terms.use(Kind.QUEUE, null, 1)).isEqualTo(Terms.NONE);

        assertThat(terms.find(Kind.NAME, "b")).isEqualTo(2);
        assertThat(terms.find(Kind.QUEUE, "b")).isEqualTo(Terms.NONE);
        assertThat(terms.text(Kind.NAME, 2)).isEqualTo("b");
        assertThat(terms.text(Kind.NAME, 3)).isNull();
        assertThat(terms.text(Kind.NAME, Terms.NONE)).isNull();
        assertThat(terms.takeAdded()).isEqualTo(Map.of("name:1", "a", "name:2", "b", "queue:1", "a"));
        assertThat(terms.takeAdded()).isEmpty();
    }

    @Test
    void freesWhatNoRetainedSegmentUses() {
        terms.use(Kind.NAME, "old", 1);
        terms.use(Kind.NAME, "both", 1);
        terms.use(Kind.NAME, "both", 2);
        terms.use(Kind.NAME, "new", 2);

        assertThat(terms.free(2, 100)).containsExactly("name:1");
        assertThat(terms.find(Kind.NAME, "old")).isEqualTo(Terms.NONE);
        assertThat(terms.text(Kind.NAME, 1)).isNull();
        assertThat(terms.use(Kind.NAME, "both", 2)).isEqualTo(2);
    }

    @Test
    void freesNoMoreThanAsked() {
        for (int i = 0; i < 10; i++) {
            terms.use(Kind.NAME, "n" + i, 1);
        }
        assertThat(terms.free(2, 4)).hasSize(4);
        assertThat(terms.free(2, 100)).hasSize(6);
    }

    @Test
    void keepsATermThatAnOldRowBeganToUseLater() {
        terms.use(Kind.NAME, "n", 5);
        terms.use(Kind.NAME, "n", 3);
        assertThat(terms.free(5, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void overflowsAndReusesFreedNumbers(int kindIndex) {
        Kind kind = List.of(Kind.WORKER, Kind.PRIORITY).get(kindIndex);
        for (int i = 1; i <= kind.most(); i++) {
            assertThat(terms.use(kind, "w" + i, i <= 10 ? 1 : 2)).isEqualTo(i);
        }
        assertThat(terms.use(kind, "more", 2)).isEqualTo(Terms.OVERFLOW);
        assertThat(terms.text(kind, Terms.OVERFLOW)).isEqualTo(Terms.OVERFLOW_TEXT);
        assertThat(terms.find(kind, "more")).isEqualTo(Terms.NONE);

        assertThat(terms.free(2, 100)).hasSize(10);
        for (int i = 1; i <= 10; i++) {
            assertThat(terms.use(kind, "again" + i, 2)).isEqualTo(i);
        }
        assertThat(terms.use(kind, "more", 2)).isEqualTo(Terms.OVERFLOW);
    }

    @Test
    void knowsFreeNumbersAfterLoading() {
        Terms loaded = new Terms();
        for (int i = 2; i <= Kind.NAME.most(); i++) {
            loaded.load(Kind.NAME.field(i), "n" + i);
        }
        loaded.loaded();
        assertThat(loaded.use(Kind.NAME, "n2", 1)).isEqualTo(2);
        assertThat(loaded.use(Kind.NAME, "new", 1)).isEqualTo(1);
        assertThat(loaded.use(Kind.NAME, "more", 1)).isEqualTo(Terms.OVERFLOW);
        assertThat(loaded.takeAdded()).isEqualTo(Map.of("name:1", "new"));
    }

    @Test
    void accountsItsMemory() {
        long empty = terms.heldBytes();
        for (int i = 0; i < 100; i++) {
            terms.use(Kind.WORKER, "worker-" + i, 1);
        }
        assertThat(terms.heldBytes()).isGreaterThan(empty + 100 * 100);
        List<String> freed = terms.free(2, 100);
        assertThat(freed).hasSize(100);
        assertThat(terms.heldBytes()).isLessThan(empty + 100 * 20);
    }

    /** Random rows in a window of segments: every term of a retained row keeps its number and its text. */
    @Test
    void everyRetainedRowReadsItsText() {
        Random random = new Random(7);
        Map<Long, Map<Integer, String>> used = new HashMap<>();
        Map<String, String> stored = new HashMap<>();
        long oldest = 0;
        for (int step = 0; step < 5_000; step++) {
            long segment = oldest + random.nextInt(4);
            String text = "t" + random.nextInt(20) + "/" + step / 500;
            int id = terms.use(Kind.QUEUE, text, segment);
            used.computeIfAbsent(segment, s -> new HashMap<>()).put(id, text);
            stored.putAll(terms.takeAdded());
            if (random.nextInt(50) == 0) {
                used.remove(oldest);
                oldest++;
                terms.free(oldest, 3).forEach(stored::remove);
            }
            for (Map<Integer, String> row : used.values()) {
                row.forEach((number, name) -> {
                    assertThat(terms.text(Kind.QUEUE, number)).isEqualTo(name);
                    assertThat(stored).containsEntry(Kind.QUEUE.field(number), name);
                });
            }
        }
        assertThat(new ArrayList<>(stored.keySet())).hasSizeLessThan(200);
    }
}
