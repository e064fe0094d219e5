package dev.ganglion.event;

import dev.ganglion.protocol.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Runs the projection steps of an earlier version, with its records in memory instead of Redis. {@code
 * benchmarks/previous} compiles this class against the jar of that version; it lies in the package of the classes that it
 * uses, because they are not public.
 */
public final class PreviousStep implements ToIntFunction<List<byte[]>> {
    private static final int STEP_EVENTS = 1_000;
    private static final String AGENT = "6301bbfc-a0c5-454e-8ff9-bb510944fe0c";

    private final long receivedMs = System.currentTimeMillis();
    private final Map<ProjectionTable, Map<String, String>> records = new EnumMap<>(ProjectionTable.class);
    private ProjectionPosition position = ProjectionPosition.START;
    private long entries;
    private long written;
    private long reached;
    private long birth;

    /** Starts without any records. */
    public PreviousStep() {
        for (ProjectionTable table : ProjectionTable.values()) {
            records.put(table, new HashMap<>());
        }
    }

    /** Projects these batches, each a canonical JSON array of events. Returns the number of events. */
    @Override
    public int applyAsInt(List<byte[]> batches) {
        List<ProjectionSlice.StoredBatch> read = new ArrayList<>();
        for (byte[] batch : batches) {
            written += batch.length;
            read.add(new ProjectionSlice.StoredBatch(
                    ++entries + "-0", AGENT, receivedMs, batch.length, written, Json.ofCanonical(batch)));
        }
        ProjectionSlice left = new ProjectionSlice(read, read.size(), 0);
        int events = 0;
        while (!left.batches().isEmpty()) {
            ProjectionSlice.Part part = left.take(position, reached, STEP_EVENTS);
            ProjectionStep step = new ProjectionStep(part, birth);
            ProjectionChanges changes = step.changes(load(step.wanted()));
            for (ProjectionTable table : ProjectionTable.values()) {
                records.get(table).putAll(changes.upserts(table));
            }
            position = part.end();
            reached = part.reached();
            birth = changes.birth();
            left = left.rest(position);
            events += part.events().size();
        }
        return events;
    }

    private Map<ProjectionTable, Map<String, String>> load(Map<ProjectionTable, Set<String>> wanted) {
        Map<ProjectionTable, Map<String, String>> found = new EnumMap<>(ProjectionTable.class);
        wanted.forEach((table, keys) -> {
            Map<String, String> present = new HashMap<>();
            for (String key : keys) {
                String record = records.get(table).get(key);
                if (record != null) {
                    present.put(key, record);
                }
            }
            found.put(table, present);
        });
        return found;
    }
}
