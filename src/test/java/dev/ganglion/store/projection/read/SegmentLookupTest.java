package dev.ganglion.store.projection.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.StoreTests;
import dev.ganglion.telemetry.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests look-ups of tasks by their id on a real Redis. */
public class SegmentLookupTest extends StoreTests {
    private static final int ROWS = 8;
    private static final long NOW = SegmentWriter.NOW;

    private String project;
    private SegmentTasks tasks;
    private SegmentWriter writer;

    @BeforeEach
    void givenAReader() {
        project = session.projectId();
        tasks = new SegmentTasks(store.shared, Ticker.system(), 1 << 20);
        writer = new SegmentWriter(store, project, ROWS);
    }

    private static SubjectKey celery(String id) {
        return new SubjectKey("celery", id);
    }

    @Test
    void anyTaskIsFoundByItsId() {
        for (int i = 0; i < 400; i++) {
            String id = "t" + i;
            writer.put(celery(id), writer.task("agent", id, "received", "task_name", "n" + i), NOW + i);
        }
        writer.flush();
        for (int i : new int[] {0, 7, 8, 200, 399}) {
            Task task = store.await(tasks.find(project, celery("t" + i))).orElseThrow();
            assertThat(task.name()).isEqualTo("n" + i);
        }
        assertThat(store.await(tasks.find(project, celery("t400")))).isEmpty();
        assertThat(store.await(tasks.find(project, new SubjectKey("rq", "t0")))).isEmpty();
        Map<String, Task> found =
                store.await(tasks.findAll(project, "celery", List.of("t0", "t399", "unknown", "t77")));
        assertThat(found).containsOnlyKeys("t0", "t399", "t77");
        List<String> passedOn = new ArrayList<>();
        List<String> keys =
                IntStream.range(0, 100).mapToObj(i -> celery("t" + i).text()).toList();
        var unused = store.await(tasks.each(project, keys, (key, task) -> passedOn.add(key)));
        assertThat(passedOn).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void tasksWithTheSameHashAreToldApart() {
        SegmentTasks reader = new SegmentTasks(store.shared, Ticker.system(), 1 << 20, key -> key.length());
        SegmentWriter colliding = new SegmentWriter(store, project, ROWS, key -> key.length());
        for (int i = 10; i < 40; i++) {
            String id = "t" + i;
            colliding.put(celery(id), colliding.task("agent", id, "received", "task_name", "n" + i), NOW + i);
        }
        colliding.flush();
        for (int i = 10; i < 40; i++) {
            assertThat(store.await(reader.find(project, celery("t" + i)))
                            .orElseThrow()
                            .name())
                    .isEqualTo("n" + i);
        }
        assertThat(store.await(reader.find(project, celery("t99")))).isEmpty();
        assertThat(store.await(reader.list(project, new TaskQuery(TaskFilter.ALL, null, null, null, 50)))
                        .items())
                .hasSize(30);
    }
}
