package dev.ganglion.projection.engine;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.projected;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.TaskEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the brain's clock decides whether a worker is alive and a depth is current. */
class EngineClockTest {
    private static final long NOW = RECEIVED.toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private static TaskEvent worker(String kind, long millisBefore) {
        return projected(with(event("", kind, millisBefore), "worker", "w@1"));
    }

    private static EngineWorker workerAfter(TaskEvent... events) {
        EngineWorker worker = EngineWorker.decode(null);
        for (TaskEvent event : events) {
            assertThat(worker.apply(event)).isTrue();
        }
        return EngineWorker.decode(worker.encode());
    }

    private static EngineReport heartbeat(long atMs, Object value) {
        return new EngineReport("agent", atMs, value);
    }

    @ParameterizedTest
    @ValueSource(longs = {-50_000, 0, 360_000, 86_400_000})
    void aWorkerThatSpeaksIsOnlineWhateverItsClockSays(long millisBehind) {
        EngineWorker worker = workerAfter(worker("worker.heartbeat", millisBehind));

        assertThat(worker.state(NOW + 1)).isEqualTo("online");
        assertThat(worker.state(NOW + EngineWorker.SILENCE.toMillis())).isEqualTo("unknown");
    }

    @Test
    void theWorkersOwnClockOrdersItsReports() {
        TaskEvent offline = worker("worker.offline", 6 * MINUTE);
        TaskEvent onlineBefore = worker("worker.online", 7 * MINUTE);
        TaskEvent onlineAfter = worker("worker.online", 5 * MINUTE);

        assertThat(workerAfter(offline, onlineBefore).state(NOW)).isEqualTo("offline");
        assertThat(workerAfter(onlineAfter, offline).state(NOW)).isEqualTo("online");
    }

    @Test
    void aHeartbeatBringsAnOfflineWorkerBackOnlyIfItArrivedLater() {
        TaskEvent offline = worker("worker.offline", 6 * MINUTE);

        assertThat(workerAfter(offline)
                        .report(heartbeat(NOW - 1, new JsonObject()))
                        .state(NOW))
                .isEqualTo("offline");
        assertThat(workerAfter(offline)
                        .report(heartbeat(NOW + 1, new JsonObject()))
                        .state(NOW + 2))
                .isEqualTo("online");
    }

    @Test
    void aRecordOfVersion01KeepsItsTimes() {
        EngineWorker worker = EngineWorker.decode(new JsonObject()
                .put("on", NOW)
                .put("off", 0)
                .put("alive", NOW + 1)
                .put("agent", "a")
                .put("e", new JsonArray())
                .encode());

        assertThat(worker.lastReportAt()).isEqualTo(NOW + 1);
        assertThat(worker.state(NOW + 2)).isEqualTo("online");
    }

    @Test
    void aDepthIsCurrentForFiveMinutesAfterItArrived() {
        EngineQueue queue = EngineQueue.decode(null);
        assertThat(queue.apply(projected(event("", "queue.depth_report", 6 * MINUTE)), 40))
                .isTrue();
        EngineQueue stored = EngineQueue.decode(queue.encode());

        assertThat(stored.hasCurrentDepth(NOW + 1)).isTrue();
        assertThat(stored.hasCurrentDepth(NOW + EngineQueue.DEPTH_AGE.toMillis()))
                .isFalse();
    }

    @Test
    void tasksThatNameAQueueDoNotMakeItsDepthCurrent() {
        EngineQueue queue = EngineQueue.decode(null).report(heartbeat(NOW - 10 * MINUTE, 40));

        assertThat(queue.addNamedByTask(projected(event("t", "task.sent", 0)))).isTrue();
        assertThat(queue.addNamedByTask(projected(event("t", "task.sent", 0))))
                .as("a second one within a minute")
                .isFalse();

        assertThat(queue.hasCurrentDepth(NOW)).isFalse();
        assertThat(queue.lastNamedAt()).isEqualTo(NOW);
        assertThat(queue.depth()).isEqualTo(40);
    }
}
