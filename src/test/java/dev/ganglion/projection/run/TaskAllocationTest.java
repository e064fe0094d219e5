package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Limits the garbage that the projection of an event creates. */
class TaskAllocationTest {
    private static final int MAX_BYTES_PER_EVENT = 400;
    private static final int TASKS = 50;
    private static final int EVENTS_PER_TASK = 3;

    private static Json batch() {
        JsonArray events = new JsonArray();
        for (int i = 0; i < TASKS; i++) {
            String task = "0b7e7a52-6d9e-4df1-8a55-1f4f6c1f6d" + (10 + i);
            JsonObject received = with(event(task, "task.received", 3_000), "task_name", "shop.tasks.send_invoice");
            with(with(received, "queue", "payments"), "hostname", "celery@worker-1");
            with(with(received, "args", "[12345, 'customer@example.org']"), "kwargs", "{}");
            JsonObject started = with(event(task, "task.started", 2_000), "hostname", "celery@worker-1");
            JsonObject succeeded = with(event(task, "task.succeeded", 1_000), "hostname", "celery@worker-1");
            with(with(succeeded, "result", "{'ok': True}"), "runtime", 0.99);
            events.add(received).add(started).add(succeeded);
        }
        return Json.parse(events.encode());
    }

    @Test
    void readingApplyingAndEncodingAllocatesAtMost400BytesPerEvent() {
        Json batch = batch();
        TextPool texts = new TextPool();
        RecordWriter record = new RecordWriter();
        String entry = RECEIVED.toEpochMilli() + "-0";
        TaskEvents.Source source = new TaskEvents.Source(0, entry, RECEIVED.toEpochMilli(), "agent", "aB3_xY-9");
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 400; round++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            TaskEvents events = new TaskEvents(batch, source, texts);
            int size = 0;
            for (int i = 0; i < TASKS; i++) {
                record.clear();
                taskOf(events).encode(record);
                size += record.toBytes().length;
            }
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
            assertThat(size).isPositive();
        }

        assertThat(least / (TASKS * EVENTS_PER_TASK)).isLessThanOrEqualTo(MAX_BYTES_PER_EVENT);
    }

    private static Task taskOf(TaskEvents events) {
        Task task = new Task();
        for (int i = 0; i < EVENTS_PER_TASK; i++) {
            TaskEvent event = events.next();
            if (event == null || !task.apply(event)) {
                throw new IllegalStateException("each event applies once");
            }
        }
        return task;
    }
}
