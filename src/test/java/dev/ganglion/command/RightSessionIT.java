package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which session receives a command if the agent's sessions are on several nodes. */
class RightSessionIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog().withThreadsWatched();

    private final EnrolledAgent agent = nodes.first().agent();

    private WireAgent connect(int node, String worker, String engine) {
        return FurtherBrain.connect(nodes.port(node), agent, RightSessionTest.hello(worker, engine));
    }

    private CommandOperator operatorAt(int node) {
        return CommandOperator.to(agent, () -> nodes.rest(node));
    }

    private static JsonObject task() {
        return new JsonObject().put("engine", "rq").put("task_id", "t");
    }

    @Test
    void deliversToTheEngineOnWhicheverNodeItsSessionIs() {
        try (WireAgent arq = connect(1, "arq", "arq")) {
            String waiting;
            try (WireAgent rq = connect(0, "rq-1", "rq")) {
                for (int node = 0; node < 3; node++) {
                    CommandSteps.receive(
                            rq, operatorAt(node).issue("retry-task", task()).getString("id"));
                }
                rq.closeInOrder();
                waiting = operatorAt(1).issue("cancel-task", task()).getString("id");
            }
            try (WireAgent rq = connect(2, "rq-2", "rq")) {
                assertThat(CommandSteps.receive(rq, 4)).contains(waiting);
            }
            CommandSteps.assertNothingReceived(arq);
        }
    }

    @Test
    void deliversToTheNamedWorkerOnWhicheverNodeItIs() {
        try (WireAgent a = connect(0, "rq-1", "rq");
                WireAgent b = connect(1, "rq-2", "rq")) {
            a.ingest(event("a"));
            b.ingest(event("b"));
            JsonObject restart = new JsonObject().put("engine", "rq").put("worker_name", "b");
            for (int node = 0; node < 3; node++) {
                CommandSteps.receive(
                        b, operatorAt(node).issue("restart-worker", restart).getString("id"));
            }
            CommandSteps.assertNothingReceived(a);
        }
    }

    private static JsonObject event(String worker) {
        return WireFrames.eventWith("engine", "rq").put("data", new JsonObject().put("worker", worker));
    }
}
