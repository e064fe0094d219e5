package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;
import static dev.ganglion.benchmarks.report.Rounds.middle;
import static dev.ganglion.benchmarks.report.Rounds.most;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the results page of a folder in Markdown. */
public final class MarkdownReport {
    private final ResultFolder results;
    private final StringBuilder out = new StringBuilder();

    private MarkdownReport(ResultFolder results) {
        this.results = results;
    }

    /** Writes the page and the charts beside the raw results. */
    public static void write(ResultFolder results) {
        Plots.write(results);
        results.write("README.md", new MarkdownReport(results).page());
    }

    private String page() {
        out.append("# Results\n\n").append(machine(results)).append("\n\n");
        verdicts();
        ingest();
        open();
        put(ProjectionTables.all(results));
        cost();
        ceilings();
        capacity();
        connections();
        cluster();
        more();
        return out.toString();
    }

    /** Describes the machine in one line. */
    static String machine(ResultFolder results) {
        return results.get("machine")
                .map(machine -> String.format(
                        Locale.ROOT,
                        "%s, %d cores, %d GiB, %s, %s, Redis %s. The generator, the brain and Redis share the machine."
                                + " Load average before the run: %.1f. Measured %s.",
                        machine.getString("cpu"),
                        machine.getInteger("cores"),
                        machine.getInteger("memory_gib"),
                        machine.getString("kernel"),
                        machine.getString("jdk"),
                        machine.getString("redis"),
                        machine.getDouble("load_before"),
                        machine.getString("measured_at")))
                .orElse("There is no description of the machine.");
    }

    private void verdicts() {
        put("## Targets\n\nEach figure is the best of the rounds.\n");
        put("| | quantity | figure | target | verdict |\n|---|---|---|---|---|");
        Verdicts.of(results).forEach(verdict -> put(verdict.row()));
        put("");
    }

    private void ingest() {
        List<JsonObject> runs = results.runs("ingest");
        if (runs.isEmpty()) {
            return;
        }
        put(
                "## Ingest\n\nClosed loop, `appendfsync always`. The CPU times of brain, Redis and generator are in µs per frame.\n\n![events by batch size](throughput.svg)\n");
        put("| events | connections | frames/s | events/s | ack p50 | p99 ms | brain | Redis | generator | allocated KB"
                + " | GC pauses, ms |\n|---|---|---|---|---|---|---|---|---|---|---|");
        runs.forEach(run -> put(
                "| %d | %d | %,.0f | %,.0f | %.2f | %.2f | %.1f | %.1f | %.1f | %.1f | %.0f, %.0f |",
                run.getInteger("events_per_frame"),
                run.getInteger("connections"),
                at(run, "frames_per_s"),
                at(run, "events_per_s"),
                at(run, "ack_ms.p50"),
                at(run, "ack_ms.p99"),
                at(run, "cost.brain_us_per_frame"),
                at(run, "cost.redis_us_per_frame"),
                at(run, "cost.generator_us_per_frame"),
                at(run, "cost.allocated_bytes_per_frame") / 1024,
                at(run, "cost.gc_pauses"),
                at(run, "cost.gc_pause_ms")));
        put("\nAfter every run, the number of stored events was equal to the number of acknowledged events.\n");
    }

    private void open() {
        List<JsonObject> runs = results.runs("open");
        if (runs.isEmpty()) {
            return;
        }
        put("""
                ## Latency

                Open loop: 100 events a frame, 64 connections. Latency counts from the time when a frame was due.

                ![latency percentiles](latency.svg)
                """);
        put("| share of capacity | frames/s | p50 ms | p90 | p99 | p99.9 | max |\n|---|---|---|---|---|---|---|");
        runs.forEach(run -> put(
                "| %.0f %% | %,.0f | %.2f | %.2f | %.2f | %.2f | %.2f |",
                at(run, "load") * 100,
                at(run, "frames_per_s"),
                at(run, "ack_ms.p50"),
                at(run, "ack_ms.p90"),
                at(run, "ack_ms.p99"),
                at(run, "ack_ms.p999"),
                at(run, "ack_ms.max")));
        put("");
    }

    private void cost() {
        Map<String, Double> single = CostByPart.of(results, 1);
        Map<String, Double> batch = CostByPart.of(results, 100);
        if (single.isEmpty() || batch.isEmpty()) {
            return;
        }
        put("""
                ## Cost by part

                CPU time of the brain per frame, with `appendfsync always`. Each part is measured alone in the same round.

                ![cost by part](cost.svg)
                """);
        put("| part | 1 event, µs | 100 events, µs |\n|---|---|---|");
        single.forEach((part, micros) -> put("| %s | %.1f | %.1f |", part, micros, batch.getOrDefault(part, 0.0)));
        put("| **whole** | **%.1f** | **%.1f** |\n", CostByPart.total(single), CostByPart.total(batch));
    }

    private void ceilings() {
        put(
                "## Ceilings\n\nEach figure is the best of the rounds. A replay sends the brain's own commands over plain sockets.\n");
        put(
                "| events, appendfsync | brain frames/s | replay | replay, one call per frame | Vert.x client | plain XADD"
                        + " | redis-benchmark XADD | bare socket | Redis CPU µs: brain | replay | XADD |\n|---|---|---|---|---|---|---|---|---|---|---|");
        for (String sync : new String[] {"always", "everysec"}) {
            for (int events : new int[] {1, 100}) {
                List<JsonObject> rounds = results.runs("ceilings-" + events + "-" + sync);
                if (!rounds.isEmpty()) {
                    put(
                            "| %d, %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
                            events,
                            sync,
                            best(rounds, "brain.frames_per_s"),
                            best(rounds, "replay.frames_per_s"),
                            best(rounds, "replay_single.frames_per_s"),
                            best(rounds, "client.frames_per_s"),
                            best(rounds, "plain_xadd.frames_per_s"),
                            best(rounds, "plain_xadd.redis_benchmark_per_s"),
                            best(rounds, "bare.frames_per_s"),
                            lowest(rounds, "brain.cost.redis_us_per_frame"),
                            lowest(rounds, "replay.redis_us_per_frame"),
                            lowest(rounds, "plain_xadd.redis_us_per_frame"));
                }
            }
        }
        put("");
    }

    private void capacity() {
        String table = Capacity.table(results);
        if (!table.isEmpty()) {
            put(
                    "## What N nodes and M shards carry\n\nThis table follows from the costs above. The benchmarks' README explains the model.\n\n"
                            + table);
        }
    }

    private static String best(List<JsonObject> rounds, String path) {
        double best = most(rounds, round -> at(round, path));
        return Double.isNaN(best) ? "-" : String.format(Locale.ROOT, "%,.0f", best);
    }

    private static String lowest(List<JsonObject> rounds, String path) {
        return String.format(Locale.ROOT, "%.1f", least(rounds, round -> at(round, path)));
    }

    private void connections() {
        results.get("connect")
                .ifPresent(run -> put(
                        "## Connections\n\n%,.0f handshakes/s (p50 %.1f ms, p99 %.1f ms, %.0f µs of the brain's CPU time each).\n",
                        at(run, "handshakes_per_s"),
                        at(run, "handshake_ms.p50"),
                        at(run, "handshake_ms.p99"),
                        at(run, "cost.brain_us_per_handshake")));
        results.get("idle")
                .ifPresent(idle -> results.get("idle-stock").ifPresent(stock -> {
                    put("![memory per connection](memory.svg)\n");
                    put(
                            "| %,d idle connections | heap per connection | resident memory per connection |\n|---|---|---|",
                            idle.getInteger("connections"));
                    memory("ganglion", idle);
                    memory("stock Vert.x", stock);
                    put(
                            "\np99 of a busy agent's acks: %.2f ms alone, %.2f ms among these connections.\n",
                            at(idle, "busy_alone_ms.p99"), at(idle, "busy_among_ms.p99"));
                }));
    }

    private void memory(String server, JsonObject run) {
        put(
                "| %s | %.1f KiB | %.1f KiB |",
                server, at(run, "heap_bytes_per_connection") / 1024, at(run, "resident_bytes_per_connection") / 1024);
    }

    private void cluster() {
        List<JsonObject> commands = results.runs("command");
        if (commands.isEmpty()) {
            return;
        }
        put(
                "## Two nodes\n\n| command issued on | to the agent p50 ms | p99 | round trip p50 | p99 |\n|---|---|---|---|---|");
        for (int node = 0; node < 2; node++) {
            int index = node;
            put(
                    "| %s | %.2f | %.2f | %.2f | %.2f |",
                    commands.get(0).getJsonArray("nodes").getJsonObject(index).getString("issued_on"),
                    ofNode(commands, index, "to_agent_ms.p50"),
                    ofNode(commands, index, "to_agent_ms.p99"),
                    ofNode(commands, index, "round_trip_ms.p50"),
                    ofNode(commands, index, "round_trip_ms.p99"));
        }
        List<JsonObject> bare = results.runs("cluster");
        put(
                "\nA hop lasts from waking up the agent's node until that node has claimed the command: p50 %.0f µs, p99 %.0f µs (%.0f commands per round). The whole way to the agent takes %.0f µs more from the other node, at the median.\n",
                1e3 * least(commands, round -> at(round, "hop_ms.p50")),
                1e3 * least(commands, round -> at(round, "hop_ms.p99")),
                middle(commands, round -> at(round, "hop_ms.count")),
                middle(commands, round -> at(round, "longer_way_us_p50")));
        put(
                "Medians: bare clustered request %.0f µs, the same 5 ms after the previous one %.0f µs, bare entry processor %.0f µs, cap claim %.0f µs.\n",
                1e3 * least(bare, round -> at(round, "bus_request_ms.p50")),
                1e3 * least(bare, round -> at(round, "sparse_bus_request_ms.p50")),
                1e3 * least(bare, round -> at(round, "entry_processor_ms.p50")),
                1e3 * least(bare, round -> at(round, "claim_ms.p50")));
        results.get("caps")
                .ifPresent(run -> put(
                        "Caps: the brain decided on %,.0f connects/s and admitted exactly %d of %d workers.\n",
                        at(run, "claims_per_s"), run.getInteger("cap"), run.getInteger("attempts")));
        results.get("mixed")
                .ifPresent(run -> put(
                        "Mixed: %,d agents, %,.0f events/s, %d commands, %d heartbeats: ack p50 %.2f ms, p99 %.2f ms.\n",
                        run.getInteger("agents"),
                        at(run, "events_per_s"),
                        run.getLong("commands"),
                        run.getLong("heartbeats"),
                        at(run, "ack_ms.p50"),
                        at(run, "ack_ms.p99")));
    }

    private static double ofNode(List<JsonObject> rounds, int node, String path) {
        return middle(rounds, round -> at(round.getJsonArray("nodes").getJsonObject(node), path));
    }

    private void more() {
        results.get("soak")
                .ifPresent(soak -> put(
                        "## Soak\n\n%.0f minutes at %,.0f frames/s (%.0f %% of capacity), while %.0f %% of the agents reconnected each minute.\n",
                        at(soak, "minutes"),
                        at(soak, "frames_per_s"),
                        at(soak, "load") * 100,
                        at(soak, "churn") * 100));
        results.get("soak").map(soak -> soak.getString("note")).ifPresent(note -> put("%s\n", note));
        results.get("peers-table").ifPresent(peers -> put("## Peers\n\n%s\n", peers.getString("markdown")));
    }

    private void put(String format, Object... values) {
        out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
