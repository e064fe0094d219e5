package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;
import static dev.ganglion.benchmarks.report.Rounds.most;
import static dev.ganglion.benchmarks.report.Rounds.ratio;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The tables of projections in Markdown. */
final class ProjectionTables {
    private final ResultFolder results;
    private final StringBuilder out = new StringBuilder();

    private ProjectionTables(ResultFolder results) {
        this.results = results;
    }

    /** All tables; empty if nothing was measured. */
    static String all(ResultFolder results) {
        if (results.runs("projection-turns").isEmpty()) {
            return "";
        }
        ProjectionTables tables = new ProjectionTables(results);
        tables.put("""
                ## Projections

                Each task has three events: it is received, started and ended; 4 %% of the tasks fail with a traceback. An event has %.0f bytes. Frames have 100 events, on 64 connections.
                """, at(tables.named("projection-step"), "bytes_per_event"));
        tables.behind();
        tables.step();
        tables.loads();
        tables.turns();
        tables.lists();
        return tables.out.toString();
    }

    /** The figures for the page about benchmarks. */
    static String summary(ResultFolder results) {
        if (results.runs("projection-turns").isEmpty()) {
            return "The newest results have no figures of projections.\n";
        }
        ProjectionTables tables = new ProjectionTables(results);
        tables.loads();
        tables.put(
                "From behind, without frames that arrive: %,.0f events/s, at %.2f µs of CPU time of brain and Redis per event. A task takes %.0f bytes of Redis.",
                most(tables.behindRounds(), round -> at(round, "events_per_s")),
                least(tables.behindRounds(), ProjectionVerdicts::cpu),
                least(tables.behindRounds(), round -> at(round, "redis_bytes_per_task")));
        return tables.out.toString();
    }

    private JsonObject named(String name) {
        return results.get(name).orElseGet(JsonObject::new);
    }

    private List<JsonObject> behindRounds() {
        return results.runs("projection-behind");
    }

    private void behind() {
        put("A backlog that is projected while no frames arrive:\n");
        put(
                "| version, events | events/s | CPU µs per event: brain | Redis | bytes of Redis per task |\n|---|---|---|---|---|");
        behindRounds().forEach(round -> behind("this", round));
        results.runs("projection-previous").forEach(round -> behind("earlier", round));
        put("");
    }

    private void behind(String version, JsonObject round) {
        put(
                "| %s, %,.0f | %,.0f | %.2f | %.2f | %.0f |",
                version,
                at(round, "projected_events"),
                at(round, "events_per_s"),
                at(round, "cost.brain_us_per_event"),
                at(round, "cost.redis_us_per_event"),
                at(round, "redis_bytes_per_task"));
    }

    private void step() {
        JsonObject step = named("projection-step");
        put(
                "The Java part alone, in turns in one thread: scan stored batches, apply their events, encode the tasks.\n");
        put("| version | CPU µs per event | allocated bytes per event |\n|---|---|---|");
        for (String version : new String[] {"current", "previous"}) {
            JsonObject figures = step.getJsonObject(version);
            if (figures != null) {
                put(
                        "| %s | %.2f | %,.0f |",
                        version.equals("current") ? "this" : "earlier",
                        at(figures, "us_per_event"),
                        at(figures, "allocated_bytes_per_event"));
            }
        }
        put("");
    }

    private void loads() {
        put("""
                The lag lasts from the ack of a task's first event until REST returns the task. The metric is the highest value of `ganglion_projection_lag_seconds` in that time.
                """);
        put(
                "| load | acked events/s | projected / acked | lag p50 ms | p99 | max | metric, ms | ack p99 ms |\n|---|---|---|---|---|---|---|---|");
        results.runs("projection-load")
                .forEach(run -> load(String.format(Locale.ROOT, "%.0f %%", at(run, "load") * 100), run));
        results.runs("projection-turns").stream()
                .map(round -> round.getJsonObject("projecting"))
                .max(Comparator.comparingDouble(run -> at(run, "projected_of_acked")))
                .ifPresent(run -> load("100 % (closed loop)", run));
        put("");
    }

    private void load(String name, JsonObject run) {
        // A task that was not visible in the end counts with its age, so its lag is a lower bound.
        String bound = at(run, "unseen_tasks") > 0 ? "≥ " : "";
        put(
                "| %s | %,.0f | %.3f | %s%.0f | %s%.0f | %s%.0f | %.0f | %.1f |",
                name,
                at(run, "events_per_s"),
                at(run, "projected_of_acked"),
                bound,
                at(run, "lag_ms.p50"),
                bound,
                at(run, "lag_ms.p99"),
                bound,
                at(run, "lag_ms.max"),
                at(run, "metric_lag_max_ms"),
                at(run, "ack_ms.p99"));
    }

    private void turns() {
        put("What projecting costs acks, in a closed loop. Redis's CPU times are per frame:\n");
        put(
                "| acked events/s without | with | with / without | Redis µs without | with | plain XADD |\n|---|---|---|---|---|---|");
        results.runs("projection-turns")
                .forEach(round -> put(
                        "| %,.0f | %,.0f | %.2f | %.1f | %.1f | %.1f |",
                        at(round, "held.events_per_s"),
                        at(round, "projecting.events_per_s"),
                        ratio(round, "projecting.events_per_s", "held.events_per_s"),
                        at(round, "held.cost.redis_us_per_frame"),
                        at(round, "projecting.cost.redis_us_per_frame"),
                        at(round, "plain_xadd.redis_us_per_frame")));
        put("");
    }

    private void lists() {
        results.get("projection-lists").ifPresent(lists -> {
            put("The first page of a list of %,.0f tasks, by filters:\n", at(lists, "tasks"));
            put("| filters | p50 ms | p95 | max | incomplete pages |\n|---|---|---|---|---|");
            List<JsonObject> rows = new ArrayList<>();
            lists.getJsonArray("combinations").forEach(each -> rows.add((JsonObject) each));
            rows.forEach(row -> put(
                    "| %s | %.1f | %.1f | %.1f | %.0f |",
                    row.getString("filters"),
                    at(row, "ms.p50"),
                    at(row, "ms.p95"),
                    at(row, "ms.max"),
                    at(row, "incomplete_pages")));
            put("");
        });
    }

    private void put(String format, Object... values) {
        out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
