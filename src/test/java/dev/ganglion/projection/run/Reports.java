package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.event.Events;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Creates reports of one task for the tests of its runs. */
final class Reports {
    static final SubjectKey SUBJECT = new SubjectKey("celery", "t");

    private static final TextPool TEXTS = new TextPool();

    private Reports() {}

    /** An event as one process reports it. */
    record Report(String process, JsonObject event) {
        @CanIgnoreReturnValue
        Report with(String key, Object value) {
            event.getJsonObject("data").put(key, value);
            return this;
        }

        /** The report of the same transition by another process, whose clock is this much later. */
        Report by(String other, long laterMillis) {
            Instant time = Instant.parse(event.getString("occurred_at")).plusMillis(laterMillis);
            return new Report(
                    other, event.copy().put("id", UUID.randomUUID().toString()).put("occurred_at", time.toString()));
        }
    }

    /** A report by a process, some milliseconds before {@link Events#RECEIVED}. */
    static Report report(String process, String kind, long millisBefore) {
        return new Report(process, Events.event("t", "task." + kind, millisBefore));
    }

    static TaskEvent read(Report report) {
        return read(report, RECEIVED.toEpochMilli() + "-0");
    }

    /** Reads the report from a stream entry. */
    static TaskEvent read(Report report, String entry) {
        TaskEvents.Source source = new TaskEvents.Source(0, entry, RECEIVED.toEpochMilli(), "agent", report.process());
        Json array = Json.parse(new JsonArray().add(report.event()).encode());
        return Objects.requireNonNull(new TaskEvents(array, source, TEXTS).next());
    }

    static Task task(Report... reports) {
        return task(List.of(reports));
    }

    static Task task(List<Report> reports) {
        Task task = new Task();
        for (Report report : reports) {
            boolean unused = task.apply(read(report));
        }
        return task;
    }

    static JsonObject view(Report... reports) {
        return task(reports).view(SUBJECT);
    }
}
