package dev.ganglion.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code ganglion drain}, which shuts a node down cleanly and waits until it has left the cluster. */
@Command(
        name = "drain",
        description = {
            "Shut a node down cleanly: it reports not ready, closes agents' connections over drain.window, and ends.",
            "Any node accepts the request for any other node. The command returns when the node has left the cluster."
        })
final class DrainCommand implements Callable<Integer> {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RestAccess access = new RestAccess();

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description =
                    "id or address of the node, as 'status' prints them (default: the node that answers at --url)")
    private @Nullable String node;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "330",
            description = "longest time to wait until the node has left (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Option(names = "--no-wait", description = "do not wait until the node has left")
    private boolean noWait;

    DrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command specification");
        }
        try (BrainRest brain = access.open(spec, console.environment())) {
            JsonObject leaving = brain.post("/cluster/nodes/" + id(brain) + "/drain", new JsonObject(), CALL_LIMIT);
            console.out()
                    .println("Node " + leaving.getString("id") + " at " + leaving.getString("address")
                            + " is shutting down.");
            console.out().flush();
            if (noWait || hasLeft(brain, leaving.getString("id"), leaving.getBoolean("this"))) {
                return ExitCode.OK;
            }
            throw new IOException("the node has not left the cluster after " + timeout + " s");
        } catch (BrainRest.RefusedException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    private String id(BrainRest brain) throws Exception {
        if (node == null) {
            return "this";
        }
        JsonArray nodes = brain.get("/cluster", CALL_LIMIT).getJsonArray("nodes");
        for (int i = 0; i < nodes.size(); i++) {
            JsonObject known = nodes.getJsonObject(i);
            if (node.equals(known.getString("id")) || node.equals(known.getString("address"))) {
                return known.getString("id");
            }
        }
        throw new IOException("the cluster has no node " + node + "; 'ganglion status' lists the nodes");
    }

    /**
     * Waits until the cluster no longer lists the node. If the node itself answers the requests, an unreachable node
     * counts as gone.
     */
    private boolean hasLeft(BrainRest brain, String id, boolean isQueriedNode) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        while (System.nanoTime() < end) {
            brain.pause(POLL_INTERVAL);
            try {
                JsonArray nodes = brain.get("/cluster", CALL_LIMIT).getJsonArray("nodes");
                if (nodes.stream()
                        .noneMatch(known -> ((JsonObject) known).getString("id").equals(id))) {
                    return true;
                }
            } catch (IOException | BrainRest.RefusedException unreachable) {
                if (isQueriedNode) {
                    return true;
                }
            }
        }
        return false;
    }
}
