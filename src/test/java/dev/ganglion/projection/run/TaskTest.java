package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.projection.run.Reports.report;
import static dev.ganglion.projection.run.Reports.task;
import static dev.ganglion.projection.run.Reports.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ganglion.projection.run.Reports.Report;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the values that a task takes from its reports. */
class TaskTest {
    private static final TaskEvents.Source SOURCE =
            new TaskEvents.Source(0, RECEIVED.toEpochMilli() + "-0", RECEIVED.toEpochMilli(), "agent", "worker");

    /** A failed task with this data, which need not be what any JSON library writes. */
    private static Task failed(String data) {
        String event = report("a", "failed", 0).event().encode().replace("\"data\":{}", "\"data\":" + data);
        Json array = Json.parse("[" + event + "]");
        Task task = new Task();
        assertThat(task.apply(Objects.requireNonNull(new TaskEvents(array, SOURCE, new TextPool()).next())))
                .isTrue();
        return task;
    }

    @Test
    void readsTheFieldsThatAgentsSend() {
        Report received = report("a", "received", 3_000)
                .with("name", "shop.send")
                .with("queue", "mail")
                .with("hostname", "w@1")
                .with("priority", 3)
                .with("args", new JsonArray().add(1).add(new JsonObject().put("é", 1.5)))
                .with("kwargs", "{'a': \"ü\"}")
                .with("parent_id", "p")
                .with("root_task_id", "r");
        Report failed = report("a", "failed", 1_000)
                .with("task_name", "<unknown: t>")
                .with("exception", "ValueError")
                .with("exception_message", "ValueError('no')")
                .with("traceback", "T")
                .with("runtime_ms", 1_250)
                .with("retries", 4)
                .with("result", "not a failure's");

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
                        .put("args", "[1,{\"é\":1.5}]")
                        .put("kwargs", "{'a': \"ü\"}")
                        .put("agent_id", "agent")
                        .put("parent_task_id", "p")
                        .put("root_task_id", "r")
                        .putNull("lost")
                        .put("clamped", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "<unknown>", "<unknown: t>", ""})
    void ignoresANameThatTheAgentDoesNotKnow(String name) {
        assertThat(task(
                                report("a", "sent", 9_000).with("task_name", "n"),
                                report("a", "started", 0).with("name", name))
                        .name())
                .isEqualTo("n");
    }

    @Test
    void takesNeitherWorkerNorAgentFromTheSenderOfATask() {
        Report sent = report("web", "sent", 1_000).with("hostname", "web-1");
        Report started = report("worker", "started", 2_000).with("worker_name", "rq-1");

        assertThat(task(sent).worker()).isNull();
        assertThat(task(sent).isOnlySent()).isTrue();
        assertThat(task(sent, started).worker()).isEqualTo("rq-1");
        assertThat(task(sent, started).isOnlySent()).isFalse();
        assertThat(task(sent, started).state()).isEqualTo(TaskState.STARTED);
    }

    @Test
    void splitsTheTracebackThatRqReportsAsException() {
        String traceback =
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nValueError: no\n";
        Task task = task(report("a", "failed", 0).with("exception", traceback));

        assertThat(task.exception()).isEqualTo("ValueError: no");
        assertThat(task.traceback()).isEqualTo(traceback.strip());
    }

    @Test
    void keepsTheFingerprintOfTheFailureThatEndedTheLastRun() {
        Task task = new Task();
        boolean unused = task.apply(Reports.read(report("a", "started", 30_000)));
        unused = task.apply(Reports.read(report("a", "failed", 29_000)), -7);

        assertThat(Task.decode(task.encode()).fingerprint()).isEqualTo(-7);
        unused = task.apply(Reports.read(report("a", "started", 20_000)));
        assertThat(task.fingerprint()).isZero();
        unused = task.apply(Reports.read(report("a", "failed", 10_000)), 8);
        assertThat(task.fingerprint()).isEqualTo(8);
    }

    @Test
    void measuresTheRuntimeIfNobodyReportsIt() {
        assertThat(task(report("a", "started", 3_000), report("a", "succeeded", 500))
                        .runtimeMs())
                .isEqualTo(2_500);
        assertThat(task(report("a", "started", 3_000)).runtimeMs()).isEqualTo(-1);
        assertThat(task(report("a", "succeeded", 500)).runtimeMs()).isEqualTo(-1);
    }

    @Test
    void readsRuntimesOfAnyForm() {
        assertThat(failed("{\"runtime\":0.0525}").runtimeMs()).isEqualTo(53);
        assertThat(failed("{\"runtime\":3}").runtimeMs()).isEqualTo(3_000);
        assertThat(failed("{\"runtime\":1e-3}").runtimeMs()).isEqualTo(1);
        assertThat(failed("{\"runtime\":0.12345678901234567}").runtimeMs()).isEqualTo(123);
        assertThat(failed("{\"runtime\":\"3\",\"runtime_ms\":17}").runtimeMs()).isEqualTo(17);
        assertThat(failed("{\"runtime\":-1}").runtimeMs()).isEqualTo(-1);
        assertThat(failed("{\"runtime\":1e300}").runtimeMs()).isEqualTo(-1);
        assertThat(failed("{\"runtime\":" + "9".repeat(4_000) + "}").runtimeMs())
                .isEqualTo(-1);
    }

    @Test
    void marksATimeOutsideTheLimits() {
        JsonObject ahead = view(report("a", "failed", -61_000));
        JsonObject old = view(report("a", "failed", 401L * 86_400_000));

        assertThat(ahead.getBoolean("clamped")).isTrue();
        assertThat(ahead.getString("finished_at")).isEqualTo(RECEIVED.toString());
        assertThat(old.getBoolean("clamped")).isTrue();
        assertThat(old.getString("finished_at"))
                .isEqualTo(RECEIVED.minus(TaskEvent.MAX_AGE).toString());
        assertThat(view(report("a", "failed", -59_000)).getBoolean("clamped")).isFalse();
        assertThat(task(report("a", "failed", -90L * 86_400_000), report("a", "succeeded", -1_000))
                        .state())
                .isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void keepsTheMarkOfALostTaskUntilTheTaskMakesProgress() {
        Report started = report("a", "started", 9_000);
        Task task = task(started);
        task.markLost(RECEIVED.toEpochMilli(), "worker_gone");
        boolean unused = task.apply(Reports.read(started.by("b", 40)));

        Task stored = Task.decode(task.encode());
        assertThat(stored.isLost()).isTrue();
        assertThat(stored.lostSinceMs()).isEqualTo(RECEIVED.toEpochMilli());
        assertThat(stored.lostReason()).isEqualTo("worker_gone");
        unused = stored.apply(Reports.read(report("a", "succeeded", 1_000)));
        assertThat(stored.isLost()).isFalse();
    }

    @Test
    void cutsLargeValuesAndMarksThem() {
        Report failed = report("a", "failed", 0);
        for (String field : List.of("args", "kwargs", "exception", "traceback", "queue", "worker", "task_name")) {
            failed.with(field, "x".repeat(1 << 20));
        }
        Task task = Task.decode(task(failed).encode());

        assertThat(task.args()).hasSizeLessThanOrEqualTo(2_048).endsWith("of 1048576 characters]");
        assertThat(task.exception()).hasSizeLessThanOrEqualTo(2_048).contains("…[cut: ");
        assertThat(task.traceback()).hasSizeLessThanOrEqualTo(8_192).contains("…[cut: ");
        assertThat(task.name()).hasSizeLessThanOrEqualTo(500);
        assertThat(task.encode()).hasSizeLessThan(20_000);
        assertThat(task.bytes()).isLessThan(22_000);
    }

    @Test
    void cutsAtCharactersNotAtBytes() {
        String args = "😀é".repeat(1_024);

        assertThat(task(report("a", "started", 0).with("args", args)).args()).isEqualTo(args);
        assertThat(task(report("a", "started", 0).with("args", args + "x")).args())
                .endsWith("of 2049 characters]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"args\":null,\"queue\":7,\"worker\":[],\"task_name\":{},\"traceback\":null}",
                "{\"priority\":256,\"retries\":-1}",
                "{\"priority\":\"\",\"retries\":1.0}",
                "{\"priority\":true,\"retries\":\"3\"}",
                "{\"priority\":1e2,\"retries\":99999999999999999999}",
                "{\"parent_task_id\":7,\"root_id\":false}"
            })
    void ignoresValuesOfTheWrongKind(String data) {
        Task task = failed(data);

        assertThat(task.state()).isEqualTo(TaskState.FAILURE);
        assertThat(task.queue()).isNull();
        assertThat(task.worker()).isNull();
        assertThat(task.name()).isNull();
        assertThat(task.args()).isNull();
        assertThat(task.priority()).isNull();
        assertThat(task.parentId()).isNull();
        assertThat(task.rootId()).isNull();
        assertThat(task.retries()).isZero();
        assertThat(Task.decode(task.encode()).encode()).isEqualTo(task.encode());
    }

    @Test
    void keepsValuesThatAreNoTextsAsJson() {
        String huge = "1" + "0".repeat(4_000);
        Task task =
                failed("{\"args\":[" + huge + "],\"kwargs\":{\"a\":\"\\ud83d\\ude00\"},\"exception\":{\"b\":true}}");

        assertThat(task.args()).startsWith("[10000").endsWith("of 4003 characters]");
        assertThat(task.kwargs()).isEqualTo("{\"a\":\"😀\"}");
        assertThat(task.exception()).isEqualTo("{\"b\":true}");
    }

    @Test
    void readsEscapedTexts() {
        Task task = failed("{\"task_name\":\"a\\\"b\",\"args\":\"x\\n\\\\\\u0001\",\"queue\":\"\\ud83d\\ude00\"}");

        assertThat(task.name()).isEqualTo("a\"b");
        assertThat(task.args()).isEqualTo("x\n\\\u0001");
        assertThat(Task.decode(task.encode()).queue()).isEqualTo("😀");
    }

    @Test
    void takesAPriorityThatIsAWord() {
        Task task = task(report("a", "started", 0).with("priority", "high"));

        assertThat(Task.decode(task.encode()).priority()).isEqualTo("high");
        assertThat(Task.decode(task(report("a", "started", 0).with("priority", 0))
                                .encode())
                        .priority())
                .isEqualTo(0);
        assertThat(task(report("a", "started", 0).with("priority", "p".repeat(41)))
                        .priority())
                .isNull();
    }

    @Test
    void tellsAllPositionsAndTheTimeOfBirth() {
        Task task = new Task();
        boolean unused = task.apply(Reports.read(report("a", "succeeded", 1_000), "1772366400000-4294967295"));
        unused = task.apply(Reports.read(report("b", "started", 2_000), "1772366399000-7"));
        task = Task.decode(task.encode());

        assertThat(task.bornMs()).isEqualTo(RECEIVED.toEpochMilli());
        assertThat(task.positions())
                .extracting(ReportPosition::entry, ReportPosition::state)
                .containsExactly(
                        tuple("1772366399000-7", TaskState.STARTED),
                        tuple("1772366400000-4294967295", TaskState.SUCCESS));
    }

    @Test
    void findsTheFirstReportOfATransition() {
        Report started = report("a", "started", 9_000);
        Report copy = started.by("b", 100);
        Report other = report("a", "started", 8_950);
        Task task = new Task();
        boolean unused = task.apply(Reports.read(copy, "2-0"));
        unused = task.apply(Reports.read(other, "3-0"));
        unused = task.apply(Reports.read(started, "1-0"));

        assertThat(Objects.requireNonNull(task.firstReport(copy.event().getString("id")))
                        .entry())
                .isEqualTo("1-0");
        assertThat(task.firstReport(started.event().getString("id"))).isNull();
        assertThat(task.firstReport(other.event().getString("id"))).isNull();
        assertThat(task.firstReport("unknown")).isNull();
    }

    @Test
    void takesAbout220BytesForAnOrdinaryTask() {
        String agent = "0b7e7a52-6d9e-4df1-8a55-1f4f6c1f6d11";
        TaskEvents.Source source =
                new TaskEvents.Source(3, RECEIVED.toEpochMilli() + "-12", RECEIVED.toEpochMilli(), agent, "aB3_xY-9");
        Task task = new Task();
        for (Report report : List.of(
                report("a", "received", 1_500)
                        .with("task_name", "shop.tasks.send_invoice")
                        .with("queue", "payments")
                        .with("hostname", "celery@worker-1")
                        .with("args", "[12345, 'customer@example.org']")
                        .with("kwargs", "{}"),
                report("a", "started", 1_400).with("hostname", "celery@worker-1"),
                report("a", "succeeded", 1_000).with("result", "{'ok': True}").with("runtime", 0.4))) {
            byte[] batch = new JsonArray().add(report.event()).encode().getBytes(StandardCharsets.UTF_8);
            boolean unused = task.apply(
                    Objects.requireNonNull(new TaskEvents(Json.parse(batch), source, new TextPool()).next()));
        }

        assertThat(task.encode()).hasSizeLessThan(230);
        assertThat(task.bytes()).isBetween(600, 1_300);
    }
}
