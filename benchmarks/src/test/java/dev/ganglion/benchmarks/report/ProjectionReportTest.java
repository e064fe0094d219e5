package dev.ganglion.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks how measurements of projections become verdicts, tables and a chart. */
class ProjectionReportTest {
    private ResultFolder results;

    @BeforeEach
    void givenResults(@TempDir Path folder) {
        results = new ResultFolder(folder);
        results.put("projection-step", new JsonObject("""
                {"bytes_per_event": 386.2, "current": {"us_per_event": 0.75, "allocated_bytes_per_event": 280},
                 "previous": {"us_per_event": 12, "allocated_bytes_per_event": 10010}}"""));
        results.put("projection-behind", List.of(behind(200_000, 1.2, 1.1), behind(240_000, 1.3, 1.4)));
        results.put("projection-previous", List.of(behind(16_000, 30, 9)));
        results.put("projection-turns", List.of(turn(300_000, 250_000, 0.6), turn(310_000, 260_000, 0.55)));
        results.put("projection-load", List.of(load(0.25, 90), load(0.7, 700)));
        results.put("projection-lists", lists(1_000_200));
    }

    private static JsonObject behind(double rate, double brain, double redis) {
        return new JsonObject()
                .put("projected_events", 3_000_000)
                .put("events_per_s", rate)
                .put("redis_bytes_per_task", 412)
                .put("cost", new JsonObject().put("brain_us_per_event", brain).put("redis_us_per_event", redis));
    }

    private static JsonObject load(double load, double lag) {
        return new JsonObject()
                .put("load", load)
                .put("events_per_s", 200_000)
                .put("projected_of_acked", 0.995)
                .put("unseen_tasks", 0)
                .put(
                        "lag_ms",
                        new JsonObject()
                                .put("p50", lag / 3)
                                .put("p90", lag / 2)
                                .put("p99", lag)
                                .put("p999", lag)
                                .put("max", 2 * lag))
                .put("metric_lag_max_ms", lag)
                .put("ack_ms", new JsonObject().put("p99", 30))
                .put("cost", new JsonObject().put("redis_us_per_frame", 150));
    }

    private static JsonObject turn(double held, double projecting, double projected) {
        JsonObject without =
                new JsonObject().put("events_per_s", held).put("cost", new JsonObject().put("redis_us_per_frame", 90));
        JsonObject with = load(1, 5_000)
                .put("events_per_s", projecting)
                .put("projected_of_acked", projected)
                .put("unseen_tasks", 7);
        return new JsonObject()
                .put("held", without)
                .put("projecting", with)
                .put("plain_xadd", new JsonObject().put("redis_us_per_frame", 100));
    }

    private static JsonObject lists(long tasks) {
        return new JsonObject()
                .put("tasks", tasks)
                .put("worst_p95_ms", 12)
                .put(
                        "combinations",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("filters", "state, name")
                                        .put("incomplete_pages", 0)
                                        .put(
                                                "ms",
                                                new JsonObject()
                                                        .put("p50", 4)
                                                        .put("p95", 12)
                                                        .put("max", 20))));
    }

    private Verdict verdict(String what) {
        return Verdicts.of(results).stream()
                .filter(verdict -> verdict.target() == 10 && verdict.what().startsWith(what))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void comparesTheJavaPartWithTheEarlierVersion() {
        assertThat(verdict("projection: scan").figure()).isEqualTo(16);
        assertThat(verdict("projection: scan").met()).isTrue();
        assertThat(verdict("bytes allocated for that").met()).isTrue();
    }

    @Test
    void comparesABacklogWithTheEarlierVersionAndCountsBrainAndRedisTogether() {
        assertThat(verdict("events/s projected from behind").figure()).isEqualTo(15);
        assertThat(verdict("CPU time of brain and Redis per event").figure()).isEqualTo(2.3);
        assertThat(verdict("memory of Redis per task").met()).isTrue();
    }

    @Test
    void takesTheLagFromTheRunAtSeventyPercentAndTheSaturatedShareFromTheClosedLoop() {
        assertThat(verdict("p99 of the lag").figure()).isEqualTo(700);
        assertThat(verdict("events projected / acknowledged, while acks saturate")
                        .figure())
                .isEqualTo(0.6);
        assertThat(verdict("acknowledged events/s with").figure()).isEqualTo(260.0 / 310);
        assertThat(verdict("the same with every event projected").figure()).isEqualTo(1.5);
    }

    @Test
    void doesNotJudgeRedisByARunThatLeftEventsBehind() {
        results.put("projection-load", List.of(load(0.7, 700).put("projected_of_acked", 0.4)));

        assertThat(verdict("the same with every event projected").measured()).isFalse();
        assertThat(verdict("events projected / acknowledged, at 70 %").met()).isFalse();
    }

    @Test
    void doesNotJudgeListsOfFewTasks() {
        assertThat(verdict("p95 of the slowest list").met()).isTrue();

        results.put("projection-lists", lists(30_000));

        assertThat(verdict("p95 of the slowest list").measured()).isFalse();
    }

    @Test
    void thePageMarksALagThatIsALowerBound() {
        String page = ProjectionTables.all(results);

        assertThat(page)
                .contains("| 70 % | 200,000 | 0.995 | 233 | 700 | 1400 | 700 | 30.0 |")
                .contains("| 100 % (closed loop) | 250,000 | 0.600 | ≥ 1667 | ≥ 5000 | ≥ 10000 |")
                .contains("| earlier | 12.00 | 10,010 |")
                .contains("| state, name | 4.0 | 12.0 | 20.0 | 0 |");
    }

    @Test
    void theResultsPageHasTheTablesAndTheChart() {
        MarkdownReport.write(results);

        assertThat(results.path().resolve("README.md")).content().contains("## Projections", "## Targets");
        assertThat(results.path().resolve("projection.svg")).content().contains("70 % of the ack rate");
    }

    @Test
    void anEmptyFolderHasNoTables(@TempDir Path empty) {
        assertThat(ProjectionTables.all(new ResultFolder(empty))).isEmpty();
        assertThat(ProjectionTables.summary(new ResultFolder(empty))).contains("no figures of projections");
    }
}
