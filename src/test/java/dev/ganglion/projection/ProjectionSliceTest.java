package dev.ganglion.projection;

import static dev.ganglion.event.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.ProjectionSlice.Part;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.projection.task.ProjectedEvent;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how a slice counts events that were deleted before they were projected. */
class ProjectionSliceTest {
    private static final int MANY = 100;

    /** A batch of 10 bytes; batches are numbered from 1. */
    private static StoredBatch batch(int number, int events) {
        JsonArray array = new JsonArray();
        for (int i = 0; i < events; i++) {
            array.add(event("t" + i, "task.sent", i));
        }
        return batch(number, Json.parse(array.encode()));
    }

    private static StoredBatch batch(int number, @Nullable Json events) {
        return new StoredBatch(number + "-0", "agent", "agent", 1, 10, number * 10L, events);
    }

    private static Part take(ProjectionPosition from, long reached, int most, StoredBatch... batches) {
        return new ProjectionSlice(List.of(batches), batches.length, 0).take(from, reached, most);
    }

    @Test
    void skipsNothingOfAStreamWithoutGaps() {
        Part part = take(ProjectionPosition.START, 0, MANY, batch(1, 2), batch(2, 1));
        assertThat(part.skipped()).isZero();
        assertThat(part.reached()).isEqualTo(20);
        assertThat(part.events()).hasSize(3);
    }

    @Test
    void countsBatchesDeletedBeforeTheFirstOne() {
        assertThat(take(ProjectionPosition.START, 0, MANY, batch(4, 1)).skipped())
                .isEqualTo(30);
        assertThat(take(new ProjectionPosition("2-0", 0), 20, MANY, batch(4, 1), batch(5, 1))
                        .skipped())
                .isEqualTo(10);
    }

    @Test
    void countsABatchWhoseRestWasDeleted() {
        assertThat(take(new ProjectionPosition("2-0", 1), 10, MANY, batch(3, 1)).skipped())
                .isEqualTo(10);
    }

    @Test
    void reachesAPartlyProjectedBatchOnlyAtItsEnd() {
        Part first = take(ProjectionPosition.START, 0, 2, batch(1, 1), batch(2, 3));
        assertThat(first.end()).isEqualTo(new ProjectionPosition("2-0", 1));
        assertThat(first.reached()).isEqualTo(10);

        Part rest = take(first.end(), first.reached(), MANY, batch(2, 3));
        assertThat(rest.events()).hasSize(2);
        assertThat(rest.reached()).isEqualTo(20);
        assertThat(rest.skipped()).isZero();
    }

    @Test
    void countsABatchWhoseEventsWereDeleted() {
        Part part = take(ProjectionPosition.START, 0, MANY, batch(1, 1), batch(2, null), batch(3, 1));
        assertThat(part.skipped()).isEqualTo(10);
        assertThat(part.end()).isEqualTo(new ProjectionPosition("3-0", 0));
        assertThat(part.reached()).isEqualTo(30);
    }

    @Test
    void returnsTheRestBehindAPosition() {
        ProjectionSlice slice = new ProjectionSlice(List.of(batch(1, 1), batch(2, 3), batch(3, 1)), 9, 5);
        assertThat(slice.behind(new ProjectionPosition("1-0", 0)).batches()).hasSize(2);
        assertThat(slice.behind(new ProjectionPosition("1-0", 0)).waiting()).isEqualTo(8);
        assertThat(slice.behind(new ProjectionPosition("2-0", 2)).batches()).hasSize(2);
        assertThat(slice.behind(new ProjectionPosition("3-0", 0)).batches()).isEmpty();
        assertThat(slice.behind(new ProjectionPosition("7-0", 0)).batches()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void givesEachEventToExactlyOneStep(int most) {
        ProjectionSlice rest = new ProjectionSlice(List.of(batch(1, 2), batch(2, 0), batch(3, 2)), 3, 100);
        List<ProjectedEvent> seen = new ArrayList<>();
        ProjectionPosition position = ProjectionPosition.START;
        long reached = 0;
        while (!rest.batches().isEmpty()) {
            Part part = rest.take(position, reached, most);
            seen.addAll(part.events());
            position = part.end();
            reached = part.reached();
            assertThat(part.skipped()).isZero();
            rest = rest.behind(position);
        }
        assertThat(seen).extracting(ProjectedEvent::taskId).containsExactly("t0", "t1", "t0", "t1");
        assertThat(position).isEqualTo(new ProjectionPosition("3-0", 0));
    }

    @Test
    void countsNothingWhileTheReachedBytesAreUnknown() {
        Part part = take(new ProjectionPosition("2-0", 0), -1, MANY, batch(9, 1));
        assertThat(part.skipped()).isZero();
        assertThat(part.reached()).isEqualTo(90);
    }
}
