package dev.ganglion.benchmarks.cost;

import dev.ganglion.projection.run.RecordWriter;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TaskTable;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Runs the projection steps of this version, with all tasks in memory, as a projector's cache has them. */
final class CurrentStep implements ToIntFunction<List<byte[]>> {
    private static final String AGENT = "6301bbfc-a0c5-454e-8ff9-bb510944fe0c";
    private static final String PROCESS = "w3JfQz0a";

    /** A task in memory. */
    private static final class Held {
        private final Task task = new Task();
        private boolean changed;
    }

    private final long receivedMs = System.currentTimeMillis();
    private final TextPool texts = new TextPool();
    private final TaskTable<Held> tasks = new TaskTable<>();
    private final RecordWriter record = new RecordWriter();
    private long entries;
    private long encodedBytes;

    /** Projects these batches, each a canonical JSON array of events. Returns the number of events. */
    @Override
    public int applyAsInt(List<byte[]> batches) {
        List<Held> changed = new ArrayList<>();
        int count = 0;
        for (byte[] batch : batches) {
            TaskEvents events = new TaskEvents(
                    Json.ofCanonical(batch),
                    new TaskEvents.Source(0, receivedMs + "-" + ++entries, receivedMs, AGENT, PROCESS),
                    texts);
            for (TaskEvent event = events.next(); event != null; event = events.next()) {
                count++;
                Held held = held(event);
                if (held.task.apply(event) && !held.changed) {
                    held.changed = true;
                    changed.add(held);
                }
            }
        }
        for (Held held : changed) {
            held.changed = false;
            record.clear();
            held.task.encode(record);
            encodedBytes += record.toBytes().length;
        }
        return count;
    }

    private Held held(TaskEvent event) {
        Held held = tasks.get(event);
        if (held == null) {
            held = new Held();
            tasks.put(event.task(), held);
        }
        return held;
    }

    /** Size of all records that the steps encoded, in bytes. */
    long encodedBytes() {
        return encodedBytes;
    }
}
