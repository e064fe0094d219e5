package dev.ganglion.projection.projector;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskTable;
import dev.ganglion.projection.task.SubjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks of all projects that this node projects in memory, up to a number of bytes. Each project has a {@link
 * TaskCache}. Above the limit, the largest cache loses the tasks that changed the longest time ago; they are loaded
 * again when an event concerns them. Used on one context, except {@link #bytes}.
 */
final class TaskMemory {
    /** Heap of an entry beside the task and the characters of its id: key, map node, entry. */
    static final int ENTRY_BYTES = 200;

    /**
     * A task in memory.
     *
     * @param bytes estimate of the heap that it occupies
     */
    record KnownTask(SubjectKey key, Task task, long bytes) {}

    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final List<TaskCache> caches = new ArrayList<>();

    /**
     * Creates an empty memory.
     *
     * @param mostBytes largest number of bytes to hold between two steps
     */
    TaskMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Opens the cache of a project. */
    TaskCache open() {
        TaskCache cache = new TaskCache();
        caches.add(cache);
        return cache;
    }

    /** Estimate of the heap that all caches occupy, in bytes. Callable from any thread. */
    long bytes() {
        return bytes.get();
    }

    private void trim() {
        while (bytes.get() > mostBytes) {
            TaskCache largest = caches.stream()
                    .max(Comparator.comparingLong(cache -> cache.held))
                    .orElseThrow();
            // The next largest cache is smaller, so several tasks go at once.
            for (int i = 0; i < 64 && bytes.get() > mostBytes && largest.tasks.size() > 0; i++) {
                largest.dropOldest();
            }
        }
    }

    /** The tasks of one project. */
    final class TaskCache {
        private final TaskTable<KnownTask> tasks = new TaskTable<>();
        private long held;

        /** Returns the task of an event, and makes it the youngest; null if it is not in memory. */
        @Nullable
        KnownTask get(TaskEvent event) {
            return tasks.get(event);
        }

        /** Returns a task, and makes it the youngest; null if it is not in memory. */
        @Nullable
        Task get(SubjectKey key) {
            KnownTask known = tasks.get(key);
            return known == null ? null : known.task;
        }

        /** Puts tasks that a step changed, and then keeps to the limit. */
        void putAll(Map<SubjectKey, Task> changed) {
            if (!caches.contains(this)) {
                return; // closed
            }
            changed.forEach((key, task) -> {
                long size = (long) ENTRY_BYTES + key.name().length() + task.bytes();
                KnownTask before = tasks.put(key, new KnownTask(key, task, size));
                add(size - (before == null ? 0 : before.bytes));
            });
            trim();
        }

        private void dropOldest() {
            KnownTask oldest = tasks.removeOldest();
            add(oldest == null ? 0 : -oldest.bytes);
        }

        private void add(long size) {
            held += size;
            bytes.addAndGet(size);
        }

        int size() {
            return tasks.size();
        }

        /** Drops all tasks of the project. */
        void close() {
            add(-held);
            tasks.clear();
            caches.remove(this);
        }
    }
}
