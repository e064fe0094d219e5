package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentRowsTest {
    private final RecentRows recent = new RecentRows();

    private static Rows row(long idHash, int state) {
        Rows row = Rows.allocate(1);
        row.identify(0, idHash, 5);
        row.state(0, state);
        return row;
    }

    @Test
    void returnsAddedAndChangedRows() {
        for (int i = 0; i < 100; i++) {
            recent.add(new RowPlace(1, i), row(i, 1));
        }
        recent.change(new RowPlace(1, 70), row(0, 8));

        Rows rows = Rows.of(recent.bytes(1, 69, 71));
        assertThat(rows.count()).isEqualTo(3);
        assertThat(rows.idHash(1)).isEqualTo(70);
        assertThat(rows.state(1)).isEqualTo(8);
        assertThat(rows.state(2)).isEqualTo(1);
    }

    @Test
    void continuesALoadedSegmentUpToItsLastRow() {
        Rows stored = Rows.allocate(SegmentLimits.MOST_ROWS - 1);
        stored.identify(SegmentLimits.MOST_ROWS - 2, 42, 5);
        recent.load(1, stored);
        recent.add(new RowPlace(1, SegmentLimits.MOST_ROWS - 1), row(43, 1));

        Rows rows = Rows.of(recent.bytes(1, SegmentLimits.MOST_ROWS - 2, SegmentLimits.MOST_ROWS - 1));
        assertThat(rows.idHash(0)).isEqualTo(42);
        assertThat(rows.idHash(1)).isEqualTo(43);
    }

    @Test
    void keepsOnlyTheYoungestSegmentsBetweenSteps() {
        for (long segment = 1; segment <= 4; segment++) {
            recent.add(new RowPlace(segment, 0), row(1, 1));
        }
        assertThat(recent.holds(1)).isTrue();
        recent.settle();
        assertThat(recent.holds(2)).isFalse();
        assertThat(recent.holds(3)).isTrue();
        assertThat(recent.holds(4)).isTrue();
        recent.remove(4);
        assertThat(recent.holds(4)).isFalse();
        assertThat(recent.heldBytes()).isPositive();
    }
}
