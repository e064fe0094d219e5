package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowsTest {
    @Test
    void readsWhatWasWrittenWithoutTouchingOtherRows() {
        Rows rows = Rows.allocate(3);
        rows.identify(1, -5, 1_700_000_000_123L);
        rows.finishMs(1, 1_700_000_000_456L);
        rows.term(Terms.Kind.NAME, 1, 70_001);
        rows.term(Terms.Kind.QUEUE, 1, 2);
        rows.term(Terms.Kind.WORKER, 1, 65_534);
        rows.term(Terms.Kind.AGENT, 1, 4);
        rows.runtimeMs(1, 86_400_000);
        rows.term(Terms.Kind.FINGERPRINT, 1, 5);
        rows.term(Terms.Kind.ENGINE, 1, 65_534);
        rows.state(1, 8);
        rows.flags(1, Rows.LOST | Rows.SAME_HASH);
        rows.retries(1, 40_000);
        rows.priorityNumber(1, 255);

        assertThat(rows.idHash(1)).isEqualTo(-5);
        assertThat(rows.birthMs(1)).isEqualTo(1_700_000_000_123L);
        assertThat(rows.finishMs(1)).isEqualTo(1_700_000_000_456L);
        assertThat(rows.name(1)).isEqualTo(70_001);
        assertThat(rows.queue(1)).isEqualTo(2);
        assertThat(rows.worker(1)).isEqualTo(65_534);
        assertThat(rows.agent(1)).isEqualTo(4);
        assertThat(rows.runtimeMs(1)).isEqualTo(86_400_000);
        assertThat(rows.fingerprint(1)).isEqualTo(5);
        assertThat(rows.engine(1)).isEqualTo(65_534);
        assertThat(rows.state(1)).isEqualTo(8);
        assertThat(rows.flags(1)).isEqualTo(Rows.LOST | Rows.SAME_HASH);
        assertThat(rows.retries(1)).isEqualTo(40_000);
        assertThat(rows.priority(1)).isEqualTo(256);
        assertThat(rows.term(Terms.Kind.PRIORITY, 1)).isEqualTo(Terms.NONE);
        byte[] empty = new byte[Rows.BYTES];
        assertThat(rows.bytes()).startsWith(empty).endsWith(empty);
    }

    @Test
    void capsWhatDoesNotFit() {
        Rows rows = Rows.allocate(1);
        rows.runtimeMs(0, Long.MAX_VALUE);
        rows.retries(0, Long.MAX_VALUE);
        assertThat(rows.runtimeMs(0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(rows.retries(0)).isEqualTo(65_535);
        rows.runtimeMs(0, -7);
        assertThat(rows.runtimeMs(0)).isEqualTo(Rows.NO_RUNTIME);
    }

    @ParameterizedTest
    @EnumSource
    void readsTheTermOfEachKind(Terms.Kind kind) {
        Rows rows = Rows.allocate(2);
        for (int id : new int[] {Terms.NONE, 1, 300, kind.most(), Terms.OVERFLOW}) {
            rows.term(kind, 1, id);
            assertThat(rows.term(kind, 1)).isEqualTo(id);
        }
    }

    @Test
    void tellsPriorityNumbersFromWords() {
        Rows rows = Rows.allocate(1);
        rows.priorityNumber(0, 0);
        assertThat(rows.priority(0)).isEqualTo(1);
        rows.term(Terms.Kind.PRIORITY, 0, 1);
        assertThat(rows.priority(0)).isEqualTo(257);
        rows.term(Terms.Kind.PRIORITY, 0, Terms.NONE);
        assertThat(rows.priority(0)).isZero();
    }

    @Test
    void ignoresAPartialRow() {
        assertThat(Rows.of(new byte[Rows.BYTES * 2 + 1]).count()).isEqualTo(2);
    }
}
