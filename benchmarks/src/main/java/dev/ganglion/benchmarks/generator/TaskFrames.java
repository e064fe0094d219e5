package dev.ganglion.benchmarks.generator;

import dev.ganglion.benchmarks.workload.TaskEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of {@link TaskEvents}. Every connection reports its own tasks, in order, with ids that do not repeat and
 * with the current time. The batches are generated once for some thousand events and then take turns.
 */
final class TaskFrames implements Frames {
    private static final int LEAST_EVENTS = 2_400;
    private static final int MICROS_PER_MILLI = 1_000;
    private static final Instant PLACEHOLDER = Instant.EPOCH;
    private static final long NONE = -1;

    private final int perFrame;
    private final TaskEvents events;
    private final Payload[] payloads;
    private final Map<Integer, Long> lastMillis = new HashMap<>();
    private int lastConnection;
    private long newest = NONE;

    TaskFrames(int perFrame, long seed) {
        if (perFrame > MICROS_PER_MILLI) {
            throw new IllegalArgumentException("A frame of " + perFrame + " events exceeds 1000");
        }
        this.perFrame = perFrame;
        // A whole number of tasks, so that the content of each task is the same in all its events.
        int frames = TaskEvents.PER_TASK * Math.max(1, LEAST_EVENTS / TaskEvents.PER_TASK / perFrame);
        events = new TaskEvents(frames * perFrame / TaskEvents.PER_TASK, seed);
        payloads = new Payload[frames];
        for (int i = 0; i < frames; i++) {
            StringBuilder list = new StringBuilder("{\"events\":[");
            for (int j = 0; j < perFrame; j++) {
                list.append(j == 0 ? "" : ",").append(events.event((long) i * perFrame + j, 0, PLACEHOLDER));
            }
            payloads[i] = Payload.timed(list.append("]}").toString(), perFrame);
        }
    }

    @Override
    public Payload next(int connection, long frame) {
        Payload payload = payloads[(int) (frame % payloads.length)];
        byte[] time = TaskEvents.stamp(Instant.ofEpochMilli(millis(connection))).getBytes(StandardCharsets.US_ASCII);
        newest = NONE;
        lastConnection = connection;
        for (int i = 0; i < perFrame; i++) {
            long event = frame * perFrame + i;
            payload.identify(i, event, TaskEvents.taskOf(event), connection);
            payload.time(i, time, i);
            if (TaskEvents.isFirst(event)) {
                newest = TaskEvents.taskOf(event);
            }
        }
        return payload;
    }

    /** The current time, or a millisecond after the connection's last batch, so that its events are in order of time. */
    private long millis(int connection) {
        return lastMillis.merge(connection, System.currentTimeMillis(), (last, now) -> Math.max(now, last + 1));
    }

    @Override
    public @Nullable String newestTask() {
        return newest == NONE ? null : events.taskId(newest, lastConnection);
    }
}
