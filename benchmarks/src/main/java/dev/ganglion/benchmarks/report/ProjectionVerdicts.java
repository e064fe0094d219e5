package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;
import static dev.ganglion.benchmarks.report.Rounds.most;
import static dev.ganglion.benchmarks.report.Rounds.ratio;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Compares the targets of projections with the figures of a results folder. */
final class ProjectionVerdicts {
    static final double TARGET_LOAD = 0.7;

    private static final int TARGET = 10;
    private static final String TIMES = " ×";
    private static final String MICROS = " µs";
    private static final String BYTES = " B";
    /** The counts of acknowledged and of projected events are taken one after the other, under load. */
    private static final double ALL = 0.98;

    private static final long MANY_TASKS = 900_000;

    private final ResultFolder results;
    private final List<JsonObject> turns;
    private final List<JsonObject> behind;
    private final List<Verdict> all = new ArrayList<>();

    private ProjectionVerdicts(ResultFolder results) {
        this.results = results;
        this.turns = results.runs("projection-turns");
        this.behind = results.runs("projection-behind");
    }

    static List<Verdict> of(ResultFolder results) {
        ProjectionVerdicts verdicts = new ProjectionVerdicts(results);
        verdicts.step();
        verdicts.fromBehind();
        verdicts.underLoad();
        verdicts.redis();
        verdicts.lists();
        return verdicts.all;
    }

    private void atMost(String what, double figure, double bound, String unit, String note) {
        all.add(Verdict.atMost(TARGET, what, figure, bound, unit, note));
    }

    private void atLeast(String what, double figure, double bound, String note) {
        all.add(Verdict.atLeast(TARGET, what, figure, bound, TIMES, note));
    }

    private void step() {
        JsonObject step = results.get("projection-step").orElseGet(JsonObject::new);
        atLeast(
                "projection: scan, apply and encode an event, the earlier version's CPU time / this version's",
                ratio(step, "previous.us_per_event", "current.us_per_event"),
                8,
                "Java part alone");
        atMost("bytes allocated for that", at(step, "current.allocated_bytes_per_event"), 400, BYTES, "");
    }

    private void fromBehind() {
        double rate = most(behind, round -> at(round, "events_per_s"));
        atLeast(
                "events/s projected from behind / the earlier version's",
                rate / most(results.runs("projection-previous"), round -> at(round, "events_per_s")),
                8,
                "");
        atMost(
                "CPU time of brain and Redis per event, from behind",
                least(behind, ProjectionVerdicts::cpu),
                2.5,
                MICROS,
                "");
        atMost(
                "memory of Redis per task",
                least(behind, round -> at(round, "redis_bytes_per_task")),
                450,
                BYTES,
                "without the stream of events");
    }

    static double cpu(JsonObject behind) {
        return at(behind, "cost.brain_us_per_event") + at(behind, "cost.redis_us_per_event");
    }

    private void underLoad() {
        JsonObject load = atTargetLoad(results);
        String at = "at 70 % of the highest ack rate";
        atLeast(
                "events projected / acknowledged, " + at,
                at(load, "projected_of_acked"),
                ALL,
                "all, less 2 % for counting");
        atMost(
                "p99 of the lag, " + at,
                at(load, "lag_ms.p99"),
                2_000,
                " ms",
                "from the ack of a task's first event until REST has the task");
        atLeast(
                "events projected / acknowledged, while acks saturate",
                most(turns, round -> at(round, "projecting.projected_of_acked")),
                0.5,
                "closed loop");
        atLeast(
                "acknowledged events/s with projecting / without",
                most(turns, round -> at(round, "projecting.events_per_s"))
                        / most(turns, round -> at(round, "held.events_per_s")),
                0.8,
                "closed loop");
    }

    /** The run at 70 % of the highest ack rate; empty if it was not measured. */
    static JsonObject atTargetLoad(ResultFolder results) {
        return results.runs("projection-load").stream()
                .filter(run -> at(run, "load") == TARGET_LOAD)
                .findFirst()
                .orElseGet(JsonObject::new);
    }

    private void redis() {
        atMost(
                "Redis's CPU time per 100-event frame / plain XADD of its uncompressed payload, replayed",
                least(
                        results.runs("ceilings-100-always"),
                        round -> ratio(round, "replay.redis_us_per_frame", "plain_xadd.redis_us_per_frame")),
                1,
                TIMES,
                "the frames' own commands");
        double xadd = least(turns, round -> at(round, "plain_xadd.redis_us_per_frame"));
        JsonObject load = atTargetLoad(results);
        boolean everyEvent = at(load, "projected_of_acked") >= ALL;
        atMost(
                "the same with every event projected",
                everyEvent ? at(load, "cost.redis_us_per_frame") / xadd : Double.NaN,
                1.75,
                TIMES,
                "at 70 % of the highest ack rate");
    }

    private void lists() {
        JsonObject lists = results.get("projection-lists").orElseGet(JsonObject::new);
        boolean many = at(lists, "tasks") >= MANY_TASKS;
        atMost(
                "p95 of the slowest list, of all combinations of filters",
                many ? at(lists, "worst_p95_ms") : Double.NaN,
                20,
                " ms",
                "a million tasks, first page of 50");
    }
}
