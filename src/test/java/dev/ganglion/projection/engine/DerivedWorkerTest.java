package dev.ganglion.projection.engine;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.projected;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Tests the state of workers whose engines send no events of workers. */
class DerivedWorkerTest {
    private static final long NOW = RECEIVED.toEpochMilli();
    private static final long SILENT = NOW + EngineWorker.SILENCE.toMillis();

    private static EngineWorker named(long millisBefore) {
        EngineWorker worker = EngineWorker.decode(null);
        assertThat(worker.addNamedByTask(projected(event("t", "task.started", millisBefore))))
                .isTrue();
        return EngineWorker.decode(worker.encode());
    }

    private static EngineWorker process() {
        EngineReport report = new EngineReport("agent", NOW, new JsonObject(), "huey-1");
        return EngineWorker.decode(null).report(EngineReport.decode(report.encode()));
    }

    private static EngineWorker end(long millisBefore) {
        EngineWorker end = EngineWorker.decode(null);
        assertThat(end.apply(projected(with(event("", "worker.offline", millisBefore), "worker_name", "huey-1"))))
                .isTrue();
        return end;
    }

    @Test
    void aWorkerOfUnknownProcessIsOnlineUntilItIsSilent() {
        EngineWorker worker = named(0);
        assertThat(worker.isDerived()).isTrue();
        assertThat(worker.state(NOW + 1)).isEqualTo("online");
        assertThat(worker.state(SILENT)).isEqualTo("unknown");
    }

    @Test
    void aWorkerIsOnlineWhileItsProcessIsConnectedHoweverLongItIsIdle() {
        EngineWorker idle = named(0);
        idle.connected(true, SILENT - 10_000);
        assertThat(idle.state(SILENT)).isEqualTo("online");
        assertThat(idle.lastReportAt()).isEqualTo(SILENT - 10_000);
        EngineWorker gone = process();
        gone.connected(false, 0);
        assertThat(gone.state(NOW + 1)).isEqualTo("offline");
    }

    @Test
    void anOfflineEventWithoutEngineEndsTheWorkerOfItsNameAndAgent() {
        EngineWorker worker = process();
        worker.endWith(end(0));
        assertThat(worker.state(NOW + 1)).isEqualTo("offline");
        EngineWorker others =
                EngineWorker.decode(null).report(new EngineReport("another agent", NOW, new JsonObject(), "huey-1"));
        others.endWith(end(0));
        assertThat(others.state(NOW + 1)).isEqualTo("online");
    }

    @Test
    void aProcessThatConnectsAgainAfterItsEndIsOnline() {
        EngineWorker worker = process();
        worker.endWith(end(0));
        worker.connected(true, NOW + 5_000);
        assertThat(worker.state(NOW + 5_000)).isEqualTo("online");
    }

    @Test
    void aTaskThatRanLaterBringsAWorkerBack() {
        EngineWorker worker = named(1_000);
        worker.endWith(end(2_000));
        assertThat(worker.state(NOW + 1)).isEqualTo("online");
        worker.endWith(end(0));
        assertThat(worker.state(NOW + 1)).isEqualTo("offline");
    }

    @Test
    void tasksOfOneMinuteNameAWorkerOnce() {
        EngineWorker worker = named(5_000);
        assertThat(worker.addNamedByTask(projected(event("t2", "task.started", 0))))
                .isFalse();
    }

    @Test
    void aWorkerWithEventsOfItsOwnIsNotDerived() {
        EngineWorker worker = named(5_000);
        assertThat(worker.apply(projected(with(event("", "worker.heartbeat", 0), "worker", "w"))))
                .isTrue();
        assertThat(worker.isDerived()).isFalse();
        worker.connected(false, 0);
        assertThat(worker.state(NOW + 1)).isEqualTo("online");
    }
}
