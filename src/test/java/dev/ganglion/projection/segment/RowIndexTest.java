package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowIndexTest {
    private final RowIndex index = new RowIndex();

    /** Random rows, changes and removals of segments agree with simple maps, with few and with many equal hashes. */
    @ParameterizedTest
    @ValueSource(longs = {3, 500, Long.MAX_VALUE})
    void agreesWithAMap(long differentHashes) {
        Random random = new Random(differentHashes);
        Map<Long, TreeSet<RowPlace>> places = new HashMap<>();
        Map<RowPlace, Integer> states = new HashMap<>();
        TreeMap<Long, Integer> rows = new TreeMap<>();
        long youngest = 1_000_000_000_000L;
        for (int step = 0; step < 20_000; step++) {
            youngest += random.nextInt(100) == 0 ? 1 + random.nextInt(3) : 0;
            long hash = differentHashes == Long.MAX_VALUE ? random.nextLong() : random.nextLong(differentHashes);
            RowPlace place = new RowPlace(youngest, rows.merge(youngest, 1, Integer::sum) - 1);
            int state = random.nextInt(9);
            index.add(place, hash, state);
            places.computeIfAbsent(hash, h -> new TreeSet<>()).add(place);
            states.put(place, state);
            if (random.nextInt(150) == 0 && rows.size() > 1) {
                // Mostly the oldest segment, sometimes one in the middle
                long gone = random.nextInt(5) == 0 ? rows.ceilingKey(rows.firstKey() + 1) : rows.firstKey();
                index.remove(gone);
                rows.remove(gone);
                places.values().forEach(all -> all.removeIf(one -> one.segment() == gone));
                states.keySet().removeIf(one -> one.segment() == gone);
            }
            if (step % 500 == 0 || step == 19_999) {
                places.forEach((known, all) -> assertThat(index.find(known)).containsExactlyElementsOf(all));
                states.forEach((row, known) -> assertThat(index.state(row)).isEqualTo(known));
                assertThat(index.rows()).isEqualTo(states.size());
                for (int each = 0; each < 9; each++) {
                    int one = each;
                    assertThat(index.count(one))
                            .isEqualTo(states.values().stream()
                                    .filter(known -> known == one)
                                    .count());
                }
            }
        }
    }

    @Test
    void findsNothingForAnUnknownHash() {
        assertThat(index.find(1)).isEmpty();
        index.add(new RowPlace(1, 0), 1, 0);
        assertThat(index.find(2)).isEmpty();
        index.remove(1);
        assertThat(index.find(1)).isEmpty();
        index.remove(1);
    }

    @Test
    void remembersStateAndSizeOfARow() {
        RowPlace place = new RowPlace(3, 0);
        index.add(place, 9, 2);
        assertThat(index.size(place)).isZero();
        index.size(place, 70_000);
        index.state(place, 200);
        assertThat(index.size(place)).isEqualTo(70_000);
        assertThat(index.state(place)).isEqualTo(200);
        assertThat(index.idHash(place)).isEqualTo(9);
        assertThat(index.count(2)).isZero();
        assertThat(index.count(200)).isEqualTo(1);
        index.remove(3);
        assertThat(index.count(200)).isZero();
    }

    @Test
    void takesOnlyTheNextRowOfASegment() {
        index.add(new RowPlace(1, 0), 1, 0);
        assertThatThrownBy(() -> index.add(new RowPlace(1, 2), 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> index.state(new RowPlace(1, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void needsAtMost25BytesPerRow() {
        int rows = 0;
        Random random = new Random(1);
        for (long segment = 1; segment <= 250; segment++) {
            for (int row = 0; row < SegmentLimits.MOST_ROWS; row++) {
                index.add(new RowPlace(segment, row), random.nextLong(), 8);
                rows++;
            }
            index.close(segment);
            if (segment > 10) {
                assertThat(index.heldBytes() / rows).isLessThanOrEqualTo(25);
            }
        }
        for (long segment = 1; segment <= 250; segment++) {
            index.remove(segment);
        }
        assertThat(index.rows()).isZero();
        assertThat(List.of(index.count(8))).containsExactly(0L);
    }
}
