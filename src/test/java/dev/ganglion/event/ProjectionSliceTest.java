package dev.ganglion.event;

import static dev.ganglion.event.Events.batch;
import static dev.ganglion.event.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionSliceTest {
    private final ProjectionSlice slice = new ProjectionSlice(
            List.of(
                    batch("1-0", event("a", "task.sent", 0), event("b", "task.sent", 0)),
                    batch("2-0"),
                    batch("3-0", event("c", "task.sent", 0), event("d", "task.sent", 0))),
            3,
            100);

    private static List<String> tasks(ProjectionSlice.Part part) {
        return part.events().stream().map(ProjectedEvent::taskId).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void oneReadGivesEveryEventToOneStep(int most) {
        List<String> seen = new ArrayList<>();
        ProjectionPosition position = ProjectionPosition.START;
        ProjectionSlice rest = slice;
        while (!rest.batches().isEmpty()) {
            ProjectionSlice.Part part = rest.take(position, most);
            seen.addAll(tasks(part));
            position = part.end();
            rest = rest.after(position);
        }
        assertThat(seen).containsExactly("a", "b", "c", "d");
        assertThat(position).isEqualTo(new ProjectionPosition("3-0", 0));
    }

    @Test
    void aBatchOfWhichSomeIsLeftStays() {
        ProjectionSlice rest = slice.after(new ProjectionPosition("1-0", 1));
        assertThat(tasks(rest.take(new ProjectionPosition("1-0", 1), 9))).containsExactly("b", "c", "d");
        assertThat(rest.waiting()).isEqualTo(3);
    }

    @Test
    void aPositionThatIsNotInItLeavesNothing() {
        assertThat(slice.after(new ProjectionPosition("2-1", 0)).batches()).isEmpty();
        assertThat(slice.after(ProjectionPosition.START).batches()).isEmpty();
    }
}
