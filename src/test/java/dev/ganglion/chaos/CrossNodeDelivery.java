package dev.ganglion.chaos;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Checks that every node still reaches the agents on every other node through wake-up messages, without waiting for the
 * periodic look-up.
 */
final class CrossNodeDelivery {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private CrossNodeDelivery() {}

    /** Issues a command on each node for an agent on each node, and measures the longest delivery. */
    static void check(ExperimentRun run) {
        Duration longest = Duration.ZERO;
        String slowest = "";
        for (int to = 0; to < ThreeNodes.SIZE; to++) {
            LoadWorker.Enrolled agent = run.load().enrol("reached-" + to + "-" + System.nanoTime(), 1);
            LoadWorker member = run.load().pin(agent, "worker", to, LoadWorker.SOON);
            Wait.until("an agent to be on node " + to, PATIENCE, member::online);
            for (int from = 0; from < ThreeNodes.SIZE; from++) {
                String id = issue(run, from, agent);
                Duration took = Wait.until(
                        "a command of node " + from + " to reach node " + to,
                        PATIENCE,
                        () -> member.journal().contains(id));
                if (took.compareTo(longest) > 0) {
                    longest = took;
                    slowest = " (slowest: " + from + " to " + to + ")";
                }
            }
        }
        run.recordMeasurement("commands from each node reach every node within" + slowest, longest, LIMIT);
    }

    private static String issue(ExperimentRun run, int from, LoadWorker.Enrolled agent) {
        JsonObject body = new JsonObject()
                .put("agent_id", agent.id())
                .put("engine", "celery")
                .put("task_id", "t");
        try {
            return run.cluster()
                    .calls(from)
                    .post("/api/v1/projects/" + run.load().slug() + "/commands/cancel-task", body)
                    .expect(202)
                    .getString("id");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
