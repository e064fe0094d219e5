package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which answers to {@code reconcile_task} the brain believes. */
class ReconcileAnswerTest {
    private static final long STARTED = Instant.parse("2026-12-01T12:00:00Z").toEpochMilli();
    private static final long ANSWERED = Instant.parse("2026-12-01T12:10:00Z").toEpochMilli();

    private static OpenTask task(boolean ranBefore) {
        return new OpenTask(
                new SubjectKey("rq", "job"),
                null,
                List.of(new Start(ProcessKey.of("agent", "w1"), STARTED, STARTED)),
                ranBefore,
                null);
    }

    private static ReconcileAnswer answer(String json) {
        return ReconcileAnswer.of(new JsonObject(json.replace('\'', '"')), ANSWERED);
    }

    private static long micros(String time) {
        return Instant.parse(time).toEpochMilli() * 1_000;
    }

    @Test
    void believesAFinalStateWithATimeOfThisRun() {
        assertThat(answer("{'task_id':'job','engine_state':'success','finished_at':'2026-12-01T12:05:00.25+00:00',"
                                + "'exception':null}")
                        .believe(task(true)))
                .contains(new ReconciledEnd(true, micros("2026-12-01T12:05:00.250Z"), null));
        assertThat(answer("{'engine_state':'failure','finished_at':'2026-12-01 12:05:00','exception':'E: x'}")
                        .believe(task(true)))
                .as("a time without a zone is in UTC")
                .contains(new ReconciledEnd(false, micros("2026-12-01T12:05:00Z"), "E: x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'engine_state':'unknown','exception':'Results middleware not installed'}",
                "{'engine_state':'pending'}",
                "{'engine_state':'started'}",
                "{'engine_state':'SUCCESS'}",
                "{'engine_state':['success']}",
                "{}",
                "{'task_id':'another','engine_state':'success'}",
                "{'engine_state':'success','finished_at':'2026-12-01T11:59:00Z'}",
                "{'engine_state':'success','finished_at':'2026-12-01T12:12:00Z'}"
            })
    void believesNoOtherAnswer(String json) {
        assertThat(answer(json).believe(task(false))).isEmpty();
    }

    @Test
    void believesAFinalStateWithoutATimeOnlyOfATaskThatRanOnce() {
        ReconcileAnswer untimed = answer("{'engine_state':'success','finished_at':null}");

        assertThat(untimed.believe(task(false))).contains(new ReconciledEnd(true, ANSWERED * 1_000, null));
        assertThat(untimed.believe(task(true))).isEmpty();
        assertThat(answer("{'engine_state':'success','finished_at':'yesterday'}")
                        .believe(task(true)))
                .isEmpty();
    }

    @Test
    void putsTheEndBehindTheStartIfClocksDifferALittle() {
        assertThat(answer("{'engine_state':'success','finished_at':'2026-12-01T11:59:58Z'}")
                        .believe(task(false)))
                .contains(new ReconciledEnd(true, STARTED * 1_000 + 1_000, null));
    }

    @Test
    void cutsALongException() {
        String exception = answer(new JsonObject()
                        .put("engine_state", "failure")
                        .put("exception", "x".repeat(100_000))
                        .encode())
                .believe(task(false))
                .orElseThrow()
                .exception();
        assertThat(exception).hasSizeLessThan(9_000);
    }
}
