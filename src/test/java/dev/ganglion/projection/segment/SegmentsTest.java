package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.segment.Segments.Segment;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SegmentsTest {
    private static final SegmentLimits LIMITS = new SegmentLimits(3, 1_000, Duration.ofMillis(100));
    private final Segments segments = new Segments(LIMITS, 7);

    private static RowPlace at(long segment, int row) {
        return new RowPlace(segment, row);
    }

    @Test
    void closesAFullSegment() {
        for (int i = 0; i < 3; i++) {
            assertThat(segments.place(10)).isEqualTo(at(7, i));
        }
        assertThat(segments.takeClosed()).isEmpty();
        assertThat(segments.place(10)).isEqualTo(at(8, 0));
        assertThat(segments.takeClosed()).containsExactly(7L);
        assertThat(segments.takeChanged())
                .containsExactly(new Segment(7, 10, 10, 3, 0, true, 1), new Segment(8, 10, 10, 1, 0, false, 1));
        assertThat(segments.takeChanged()).isEmpty();
        assertThat(segments.rows()).isEqualTo(4);
    }

    @Test
    void closesASegmentByItsSpanAndBytes() {
        segments.place(10);
        segments.place(109);
        assertThat(segments.place(110)).isEqualTo(at(8, 0));
        segments.write(8, 1_000);
        assertThat(segments.place(110)).isEqualTo(at(9, 0));
    }

    @Test
    void noBirthIsBeforeTheBirthOfTheRowBefore() {
        segments.place(50);
        segments.place(40);
        assertThat(segments.lastBirthMs()).isEqualTo(50);
        assertThat(segments.all()).containsExactly(new Segment(7, 50, 50, 2, 0, false, 1));
    }

    @Test
    void dropsByAgeCountAndBytes() {
        for (int i = 0; i < 12; i++) {
            RowPlace place = segments.place(10L * i);
            segments.write(place.segment(), 100);
        }
        assertThat(segments.expired(0, 100, 10_000)).isEmpty();
        assertThat(segments.expired(20, 100, 10_000)).isEmpty();
        assertThat(segments.expired(21, 100, 10_000))
                .extracting(Segment::number)
                .containsExactly(7L);
        assertThat(segments.expired(0, 8, 10_000)).extracting(Segment::number).containsExactly(7L, 8L);
        assertThat(segments.expired(0, 100, 899)).extracting(Segment::number).containsExactly(7L, 8L);
        assertThat(segments.expired(1_000, 100, 10_000)).hasSize(4);
        segments.remove(7);
        assertThat(segments.oldest()).isEqualTo(8);
        assertThat(segments.rows()).isEqualTo(9);
        assertThat(segments.bytes()).isEqualTo(900);
    }

    @Test
    void aDroppedOpenSegmentIsNotUsedAgain() {
        segments.place(10);
        segments.remove(7);
        assertThat(segments.oldest()).isEqualTo(8);
        assertThat(segments.place(11)).isEqualTo(at(8, 0));
    }

    @Test
    void keepsSegmentsSmallBesideTheRetention() {
        assertThat(SegmentLimits.of(Duration.ofDays(24), 2_400, 48_000))
                .isEqualTo(new SegmentLimits(100, 2_000, Duration.ofDays(1)));
        assertThat(SegmentLimits.of(Duration.ofDays(24), 5, 5).rows()).isEqualTo(1);
        assertThat(SegmentLimits.of(Duration.ofDays(24), 1_000_000, 1L << 40).rows())
                .isEqualTo(SegmentLimits.MOST_ROWS);
    }

    /** After any history, the stored texts load to the same segments. */
    @Test
    void loadsWhatItStored() {
        Random random = new Random(5);
        Map<Long, String> stored = new TreeMap<>();
        long now = 0;
        for (int i = 0; i < 2_000; i++) {
            now += random.nextInt(40);
            RowPlace place = segments.place(now);
            segments.write(place.segment(), random.nextInt(400));
            segments.takeChanged().forEach(segment -> stored.put(segment.number(), segment.text()));
            if (random.nextInt(4) == 0) {
                long oldest = segments.oldest();
                segments.remove(oldest);
                stored.remove(oldest);
            }
            Segments loaded = new Segments(LIMITS, segments.next());
            stored.forEach((number, text) -> loaded.load(Segment.of(number, text)));
            assertThat(loaded.all()).containsExactlyElementsOf(segments.all());
            assertThat(loaded.rows()).isEqualTo(segments.rows());
            assertThat(loaded.bytes()).isEqualTo(segments.bytes());
            assertThat(loaded.next()).isEqualTo(segments.next());
        }
    }

    @Test
    void countsTheStepsThatWroteASegment() {
        segments.place(10);
        segments.place(10);
        segments.write(7, 0);
        assertThat(segments.takeChanged()).extracting(Segment::version).containsExactly(1L);
        segments.write(7, 0);
        assertThat(segments.takeChanged()).extracting(Segment::version).containsExactly(2L);
        assertThat(segments.takeChanged()).isEmpty();
    }
}
