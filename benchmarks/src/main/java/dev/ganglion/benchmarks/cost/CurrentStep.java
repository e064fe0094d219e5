package dev.ganglion.benchmarks.cost;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Runs the projection steps of this version, with all tasks in memory, as a projector's cache has them. */
final class CurrentStep implements ToIntFunction<List<byte[]>> {
    private static final String AGENT = "6301bbfc-a0c5-454e-8ff9-bb510944fe0c";
    private static final String PROCESS = "w3JfQz0a";

    private final long receivedMs = System.currentTimeMillis();
    private final TextPool texts = new TextPool();
    private final Map<SubjectKey, Task> tasks = new HashMap<>();
    private long entries;
    private long encodedBytes;

    /** Projects these batches, each a canonical JSON array of events. Returns the number of events. */
    @Override
    public int applyAsInt(List<byte[]> batches) {
        Set<Task> changed = new HashSet<>();
        int count = 0;
        for (byte[] batch : batches) {
            TaskEvents events = new TaskEvents(
                    Json.ofCanonical(batch),
                    new TaskEvents.Source(0, receivedMs + "-" + ++entries, receivedMs, AGENT, PROCESS),
                    texts);
            for (TaskEvent event = events.next(); event != null; event = events.next()) {
                count++;
                Task task = tasks.computeIfAbsent(event.task(), key -> new Task());
                if (task.apply(event)) {
                    boolean unused = changed.add(task);
                }
            }
        }
        for (Task task : changed) {
            encodedBytes += task.encode().length;
        }
        return count;
    }

    /** Size of all records that the steps encoded, in bytes. */
    long encodedBytes() {
        return encodedBytes;
    }
}
