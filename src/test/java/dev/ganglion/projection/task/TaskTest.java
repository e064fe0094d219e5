package dev.ganglion.projection.task;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.projected;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the state of a task after its events, in any order of arrival. */
class TaskTest {
    private static final SubjectKey SUBJECT = new SubjectKey("celery", "t");
    private static final List<String> KINDS = List.of(
            "task.sent",
            "task.received",
            "task.started",
            "task.retried",
            "task.succeeded",
            "task.failed",
            "task.revoked",
            "task.rejected",
            "unknown");

    private static Task task(JsonObject... events) {
        return task(List.of(events));
    }

    private static Task task(List<JsonObject> events) {
        Task task = new Task();
        for (JsonObject event : events) {
            boolean unused = task.apply(projected(event));
        }
        return task;
    }

    private static JsonObject view(JsonObject... events) {
        return task(events).view(SUBJECT);
    }

    private static String state(JsonObject... events) {
        return view(events).getString("state");
    }

    @Test
    void cutsALongNameWithAMark() {
        String name = view(with(event("t", "task.sent", 0), "task_name", "n".repeat(600)))
                .getString("name");

        assertThat(name).hasSize(TaskText.MAX_NAME).startsWith("nnn").endsWith("of 600 characters]");
    }

    /**
     * A random history with retries, several final events, equal times, duplicates, and fields that differ between
     * events.
     */
    private static List<JsonObject> history(Random random) {
        List<JsonObject> events = new ArrayList<>();
        int count = 2 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String kind = KINDS.get(random.nextInt(KINDS.size()));
            // Whole seconds, so that two reports of a transition differ only in their ids.
            JsonObject event = event("t", kind, 1_000L * random.nextInt(6));
            String mark = kind + event.getString("occurred_at");
            for (String field : List.of("task_name", "queue", "worker", "args", "result", "exception", "traceback")) {
                if ((field + mark).hashCode() % 3 != 0) {
                    with(event, field, field + mark);
                }
            }
            with(event, "retries", Math.floorMod(mark.hashCode(), 5));
            with(event, "runtime", Math.floorMod(mark.hashCode(), 100) / 8.0);
            events.add(event);
            if (random.nextInt(3) == 0) {
                events.add(event.copy().put("id", UUID.randomUUID().toString()));
            }
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void producesTheSameTaskInAnyOrderOfEvents(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<JsonObject> events = history(random);
            JsonObject wanted = task(events).view(SUBJECT);
            for (int order = 0; order < 10; order++) {
                Collections.shuffle(events, random);

                assertThat(task(events).view(SUBJECT))
                        .as("seed %d: %s", seed, events)
                        .isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void mergesTheRecordsOfSeveralShards(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<JsonObject> events = history(random);
            int cut = random.nextInt(events.size());
            Task one = task(events.subList(0, cut));
            Task other = task(events.subList(cut, events.size()));
            JsonObject wanted = task(events).view(SUBJECT);

            assertThat(Task.decode(one.encode()).merge(other).view(SUBJECT)).isEqualTo(wanted);
            assertThat(Task.decode(other.encode()).merge(one).view(SUBJECT)).isEqualTo(wanted);
        }
    }

    @Test
    void continuesUnchangedAfterDecoding() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<JsonObject> events = history(random);
            Task kept = new Task();
            for (JsonObject event : events) {
                boolean unused = kept.apply(projected(event));
                kept = Task.decode(kept.encode());
            }
            assertThat(kept.encode()).isEqualTo(task(events).encode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "task.sent, pending",
        "task.received, received",
        "task.started, started",
        "task.retried, retry",
        "task.succeeded, success",
        "task.failed, failure",
        "task.revoked, revoked",
        "task.rejected, rejected",
        "task.odd, unknown"
    })
    void derivesTheStateFromTheKind(String kind, String state) {
        assertThat(state(event("t", kind, 0))).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"task.sent", "task.received", "task.started", "task.retried", "task.odd"})
    void keepsAFinalStateAfterANonFinalEvent(String kind) {
        assertThat(state(event("t", "task.failed", 9_000), event("t", kind, 1_000)))
                .isEqualTo("failure");
    }

    @Test
    void replacesAFinalStateOnlyByALaterFinalEvent() {
        JsonObject failed = with(event("t", "task.failed", 5_000), "exception", "E");
        JsonObject succeeded = with(event("t", "task.succeeded", 3_000), "result", "R");

        assertThat(state(succeeded, failed)).isEqualTo("success");
        JsonObject view = view(failed, succeeded);
        assertThat(view.getString("state")).isEqualTo("success");
        assertThat(view.getString("result")).isEqualTo("R");
        assertThat(view.getString("exception")).isNull();
    }

    @Test
    void passesThroughReceivedAndStartedAgainAfterARetry() {
        JsonObject received = event("t", "task.received", 9_000);
        JsonObject started = event("t", "task.started", 8_000);
        JsonObject retried = with(event("t", "task.retried", 7_000), "exception", "again");
        JsonObject sent = event("t", "task.sent", 6_500);
        JsonObject receivedAgain = event("t", "task.received", 6_000);
        JsonObject startedAgain = event("t", "task.started", 5_000);
        JsonObject succeeded = event("t", "task.succeeded", 1_000);

        assertThat(state(received, started, retried)).isEqualTo("retry");
        assertThat(view(received, started, retried).getString("exception")).isEqualTo("again");
        assertThat(state(received, started, retried, sent)).isEqualTo("retry");
        assertThat(state(received, started, retried, sent, receivedAgain)).isEqualTo("received");
        JsonObject running = view(received, started, retried, receivedAgain, startedAgain);
        assertThat(running.getString("state")).isEqualTo("started");
        assertThat(running.getString("exception")).isNull();
        JsonObject over = view(received, started, retried, sent, receivedAgain, startedAgain, succeeded);
        assertThat(over.getInteger("retries")).isEqualTo(1);
        assertThat(over.getString("received_at"))
                .isEqualTo(RECEIVED.minusMillis(9_000).toString());
        assertThat(over.getString("started_at"))
                .isEqualTo(RECEIVED.minusMillis(5_000).toString());
        assertThat(over.getString("finished_at"))
                .isEqualTo(RECEIVED.minusMillis(1_000).toString());
        assertThat(over.getLong("runtime_ms")).isEqualTo(4_000);
    }

    @Test
    void appliesATransitionOnce() {
        Task task = new Task();
        JsonObject first = event("t", "task.started", 4_000);
        JsonObject second = event("t", "task.started", 3_600); // the same second

        assertThat(task.apply(projected(first))).isTrue();
        assertThat(task.apply(projected(second))).isFalse();
        assertThat(task.apply(projected(event("t", "task.started", 2_000)))).isTrue();
        assertThat(task.firstReport(
                        Transition.key("task.started", projected(second).time().second())))
                .isEqualTo(first.getString("id"));
    }

    @Test
    void appliesAnEventIdOnce() {
        Task task = new Task();
        JsonObject started = event("t", "task.started", 4_000);
        JsonObject other = event("t", "task.failed", 1_000).put("id", started.getString("id"));

        assertThat(task.apply(projected(started))).isTrue();
        assertThat(task.apply(projected(other))).isFalse();
        assertThat(task.state()).isEqualTo(TaskState.STARTED);
    }

    @Test
    void clampsAndMarksATimeOutsideTheLimits() {
        JsonObject ahead = view(event("t", "task.failed", -61_000));
        JsonObject old = view(event("t", "task.failed", 401L * 86_400_000));
        JsonObject fine = view(event("t", "task.failed", -59_000));

        assertThat(ahead.getBoolean("clamped")).isTrue();
        assertThat(ahead.getString("finished_at")).isEqualTo(RECEIVED.toString());
        assertThat(old.getBoolean("clamped")).isTrue();
        assertThat(old.getString("finished_at"))
                .isEqualTo(RECEIVED.minus(ProjectedEvent.MAX_AGE).toString());
        assertThat(fine.getBoolean("clamped")).isFalse();
    }

    @Test
    void doesNotLetAnEventOfTheFarFutureOverrideLaterOnes() {
        assertThat(state(event("t", "task.failed", -90L * 86_400_000), event("t", "task.succeeded", -1_000)))
                .isEqualTo("success");
    }

    @Test
    void readsTheFieldsThatAgentsSend() {
        JsonObject received = event("t", "task.received", 3_000);
        with(received, "name", "shop.send");
        with(received, "queue", "mail");
        with(received, "hostname", "w@1");
        with(received, "priority", 3);
        with(received, "args", new JsonArray().add(1));
        with(received, "kwargs", "{'a': 1}");
        JsonObject failed = event("t", "task.failed", 1_000);
        with(failed, "task_name", "<unknown: t>");
        with(failed, "exception", "ValueError");
        with(failed, "exception_message", "no");
        with(failed, "traceback", "T");
        with(failed, "runtime_ms", 1_250);
        with(failed, "retries", 4);
        with(failed, "result", "not a failure's");

        assertThat(view(received, failed))
                .isEqualTo(new JsonObject()
                        .put("engine", "celery")
                        .put("task_id", "t")
                        .put("name", "shop.send")
                        .put("queue", "mail")
                        .put("state", "failure")
                        .put("worker_name", "w@1")
                        .put("priority", 3)
                        .put("received_at", RECEIVED.minusMillis(3_000).toString())
                        .putNull("started_at")
                        .put("finished_at", RECEIVED.minusMillis(1_000).toString())
                        .put("runtime_ms", 1_250L)
                        .put("retries", 4)
                        .putNull("result")
                        .put("exception", "ValueError: no")
                        .put("traceback", "T")
                        .put("args", "[1]")
                        .put("kwargs", "{'a': 1}")
                        .put("agent_id", "agent")
                        .put("clamped", false));
    }

    @Test
    void cutsLargeValuesAndMarksThem() {
        JsonObject failed = event("t", "task.failed", 0);
        for (String field : List.of("args", "kwargs", "exception", "traceback", "queue", "worker")) {
            with(failed, field, "x".repeat(100_000));
        }
        JsonObject view = view(failed);

        assertThat(view.getString("args")).hasSizeLessThanOrEqualTo(2_048).endsWith("of 100000 characters]");
        assertThat(view.getString("exception")).hasSizeLessThanOrEqualTo(2_048).contains("…[cut: ");
        assertThat(view.getString("traceback")).hasSizeLessThanOrEqualTo(8_192).contains("…[cut: ");
        assertThat(task(failed).encode()).hasSizeLessThan(20_000);
    }

    @Test
    void limitsTheSizeOfATaskWithManyTransitions() {
        Task task = new Task();
        for (int i = 0; i < 1_000; i++) {
            assertThat(task.apply(projected(event("t", "task.retried", 1_000L * (1_000 - i)))))
                    .isTrue();
        }
        assertThat(task.encode()).hasSizeLessThan(6_000);
        assertThat(task.view(SUBJECT).getInteger("retries")).isEqualTo(Task.MAX_TRANSITIONS);
    }

    @Test
    void ignoresDataThatCannotBeParsed() {
        JsonObject event = event("t", "task.failed", 0);
        String text = event.encode().replace("\"data\":{}", "\"data\":{\"n\":" + "9".repeat(4_000) + "}");
        ProjectionSlice slice = new ProjectionSlice(
                List.of(new ProjectionSlice.StoredBatch(
                        "1-0", "agent", "agent", RECEIVED.toEpochMilli(), 1, 1, Json.parse("[" + text + "]"))),
                1,
                0);
        Task task = new Task();

        assertThat(task.apply(
                        slice.take(ProjectionPosition.START, 0, 5).events().get(0)))
                .isTrue();
        assertThat(task.state()).isEqualTo(TaskState.FAILURE);
    }
}
