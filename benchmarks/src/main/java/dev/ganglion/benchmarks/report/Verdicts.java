package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.least;
import static dev.ganglion.benchmarks.report.Rounds.most;
import static dev.ganglion.benchmarks.report.Rounds.ratio;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Compares all targets with the figures of a results folder. */
public final class Verdicts {
    private static final String TIMES = " ×";
    private static final double STEADY_PERCENT = 5;

    private final ResultFolder results;
    private final List<Verdict> all = new ArrayList<>();

    private Verdicts(ResultFolder results) {
        this.results = results;
    }

    /** Returns all verdicts in order of their targets. */
    public static List<Verdict> of(ResultFolder results) {
        Verdicts verdicts = new Verdicts(results);
        verdicts.verify();
        verdicts.frames();
        verdicts.peers();
        verdicts.idle();
        verdicts.cluster();
        verdicts.soak();
        verdicts.all.addAll(ProjectionVerdicts.of(results));
        return verdicts.all;
    }

    private JsonObject named(String name) {
        return results.get(name).orElseGet(JsonObject::new);
    }

    private List<JsonObject> verifyOf(int events) {
        return results.runs("verify").stream()
                .filter(run -> run.getInteger("events") == events)
                .toList();
    }

    private void verify() {
        JsonObject python = named("python");
        for (int events : new int[] {100, 500}) {
            all.add(Verdict.atMost(
                    1,
                    "verify / HMAC alone, " + events + " events",
                    least(verifyOf(events), round -> ratio(round, "verify_us", "hmac_us")),
                    2.5,
                    TIMES,
                    ""));
        }
        for (int events : new int[] {1, 100, 500}) {
            all.add(Verdict.atLeast(
                    1,
                    "Python verifier / this verifier, " + events + (events == 1 ? " event" : " events"),
                    at(python, "events_" + events + ".ratio"),
                    events == 1 ? 20 : 10,
                    TIMES,
                    ""));
        }
        all.add(Verdict.atMost(
                1, "bytes allocated to verify a frame", Math.max(allocated(100), allocated(500)), 1024, " B", ""));
    }

    private double allocated(int events) {
        return least(verifyOf(events), round -> at(round, "verify_allocated_bytes"));
    }

    private void frames() {
        List<JsonObject> batches = results.runs("ceilings-100-always");
        all.add(Verdict.atMost(
                2,
                "brain's CPU time per 100-event frame / sum of its parts",
                least(batches, Verdicts::ratioToParts),
                1.25,
                TIMES,
                "bare socket + verify + Redis client"));
        for (String sync : new String[] {"always", "everysec"}) {
            all.add(Verdict.atLeast(
                    3,
                    "durable frames/s / replay of the same commands, " + sync,
                    most(
                            results.runs("ceilings-100-" + sync),
                            round -> ratio(round, "brain.frames_per_s", "replay.frames_per_s")),
                    0.7,
                    TIMES,
                    "100 events"));
        }
        for (String sync : new String[] {"always", "everysec"}) {
            all.add(Verdict.atLeast(
                    4,
                    "durable frames/s / replay with one call per frame, " + sync,
                    most(
                            results.runs("ceilings-1-" + sync),
                            round -> ratio(round, "brain.frames_per_s", "replay_single.frames_per_s")),
                    1.5,
                    TIMES,
                    "1 event"));
        }
        besideXadd(
                batches,
                "Redis's CPU time per 100-event frame / plain XADD",
                "brain.cost.redis_us_per_frame",
                "always; includes projections, which read every batch again");
        besideXadd(
                batches,
                "the same for the frames' commands alone, replayed / plain XADD",
                "replay.redis_us_per_frame",
                "always");
    }

    private void besideXadd(List<JsonObject> batches, String what, String cost, String how) {
        double least = least(batches, round -> ratio(round, cost, "plain_xadd.redis_us_per_frame"));
        all.add(Verdict.atMost(5, what, least, 1.5, TIMES, how));
    }

    private static double ratioToParts(JsonObject round) {
        double parts = at(round, "bare.cost.brain_us_per_frame")
                + at(round, "parts.verify_us")
                + at(round, "client.client_us_per_frame");
        return at(round, "brain.cost.brain_us_per_frame") / parts;
    }

    private void peers() {
        JsonObject peers = named("peers-ratios");
        all.add(Verdict.atLeast(
                6,
                "acknowledged events per CPU second / the reference brain's",
                at(peers, "per_cpu_second"),
                50,
                TIMES,
                "the better of its two databases"));
        all.add(Verdict.atMost(
                6,
                "p99 of ack latency / the reference brain's, at the reference brain's load",
                at(peers, "p99"),
                0.1,
                TIMES,
                ""));
    }

    private void idle() {
        JsonObject idle = named("idle");
        double heap = at(idle, "heap_bytes_per_connection") / at(named("idle-stock"), "heap_bytes_per_connection");
        all.add(Verdict.atMost(7, "heap per idle connection / stock Vert.x", heap, 1.25, TIMES, ""));
        all.add(Verdict.atMost(
                7,
                "p99 of a busy agent's acks, among idle connections / alone",
                at(idle, "busy_among_ms.p99") / at(idle, "busy_alone_ms.p99"),
                2,
                TIMES,
                (int) at(idle, "connections") + " connections"));
    }

    private void cluster() {
        List<JsonObject> commands = results.runs("command");
        List<JsonObject> bare = results.runs("cluster");
        double hop = least(commands, round -> at(round, "hop_ms.p50"));
        all.add(Verdict.atMost(
                8,
                "a command's hop to another node / bare clustered request, medians",
                hop / least(bare, round -> at(round, "bus_request_ms.p50")),
                1.5,
                TIMES,
                "from wake-up to claim; requests without a pause"));
        all.add(Verdict.atMost(
                8,
                "the same / bare clustered request with pauses, medians",
                hop / least(bare, round -> at(round, "sparse_bus_request_ms.p50")),
                1.5,
                TIMES,
                "5 ms between requests"));
        all.add(Verdict.atMost(
                8,
                "p99 of a command's hop to another node",
                least(commands, round -> at(round, "hop_ms.p99")),
                5,
                " ms",
                "from wake-up to claim; the table below has the whole way"));
        all.add(Verdict.atMost(
                8,
                "cap claim / bare entry processor, medians",
                least(bare, round -> ratio(round, "claim_ms.p50", "entry_processor_ms.p50")),
                1.5,
                TIMES,
                ""));
    }

    private void soak() {
        JsonObject slopes = named("soak").getJsonObject("slope_percent", new JsonObject());
        JsonObject squares = named("soak").getJsonObject("least_squares_percent", new JsonObject());
        for (String what : new String[] {"heap_after_gc", "descriptors", "slots", "p99"}) {
            all.add(Verdict.atMost(
                    9,
                    "soak: change of " + what.replace('_', ' ') + " from start to end",
                    at(slopes, what),
                    STEADY_PERCENT,
                    " %",
                    squares.isEmpty() ? "" : String.format("least squares: %.0f %%", at(squares, what))));
        }
    }
}
