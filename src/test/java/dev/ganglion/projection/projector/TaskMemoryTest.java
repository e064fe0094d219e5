package dev.ganglion.projection.projector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.projector.TaskMemory.TaskCache;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that the tasks in memory stay within their limit. */
class TaskMemoryTest {
    private static final long TASK = TaskMemory.ENTRY_BYTES + 2L + new Task().bytes();

    private final TaskMemory memory = new TaskMemory(TASK * 3);

    private static SubjectKey key(int number) {
        return new SubjectKey("celery", "t" + number);
    }

    private static void put(TaskCache cache, int... numbers) {
        Map<SubjectKey, Task> tasks = new LinkedHashMap<>();
        for (int number : numbers) {
            tasks.put(key(number), new Task());
        }
        cache.putAll(tasks);
    }

    @Test
    void dropsTheTasksThatWereUsedLongestAgo() {
        TaskCache cache = memory.open();
        put(cache, 1, 2, 3);
        assertThat(memory.bytes()).isEqualTo(TASK * 3);
        assertThat(cache.get(key(1))).isNotNull();
        put(cache, 4);

        assertThat(cache.get(key(2))).isNull();
        assertThat(cache.get(key(1))).isNotNull();
        assertThat(cache.get(key(4))).isNotNull();
        assertThat(memory.bytes()).isEqualTo(TASK * 3);
    }

    @Test
    void aTaskThatChangedCountsOnce() {
        TaskCache cache = memory.open();
        put(cache, 1);
        put(cache, 1);
        assertThat(memory.bytes()).isEqualTo(TASK);
    }

    @Test
    void theLargestCacheMakesRoom() {
        TaskCache large = memory.open();
        TaskCache small = memory.open();
        put(large, 1, 2);
        put(small, 7);
        put(large, 3);

        assertThat(large.get(key(1))).isNull();
        assertThat(small.get(key(7))).isNotNull();
    }

    @Test
    void aClosedCacheHoldsNothing() {
        TaskCache cache = memory.open();
        put(cache, 1);
        cache.close();
        put(cache, 2);
        cache.close();
        assertThat(memory.bytes()).isZero();
        assertThat(cache.get(key(2))).isNull();
    }
}
