package dev.ganglion.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Implements {@code ganglion status}, which prints the cluster as one of its nodes sees it. */
@Command(name = "status", description = "Print the nodes of the cluster with their connections and slots.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(15);
    private static final String ROW = "%-36s  %-21s  %-14s  %8s  %11s  %5s  %s%n";

    private final Console console;
    private final Clock clock;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private RestAccess access = new RestAccess();

    @Option(names = "--json", description = "print the JSON of the REST interface")
    private boolean json;

    StatusCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command specification");
        }
        try (BrainRest brain = access.open(spec, console.environment())) {
            JsonObject cluster = brain.get("/cluster", CALL_LIMIT);
            if (json) {
                console.out().println(cluster.encodePrettily());
            } else {
                print(console.out(), cluster);
            }
            return ExitCode.OK;
        } catch (BrainRest.RefusedException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    private void print(PrintWriter out, JsonObject cluster) {
        JsonArray nodes = cluster.getJsonArray("nodes");
        out.printf(
                "%d %s, %d agents online, %d connections%n%n",
                nodes.size(),
                nodes.size() == 1 ? "node" : "nodes",
                cluster.getInteger("agents_online"),
                cluster.getInteger("connections"));
        out.printf(ROW, "ID", "ADDRESS", "VERSION", "UP", "CONNECTIONS", "SLOTS", "STATE");
        for (int i = 0; i < nodes.size(); i++) {
            JsonObject node = nodes.getJsonObject(i);
            out.printf(
                    ROW,
                    node.getString("id"),
                    node.getString("address"),
                    node.getString("version"),
                    age(Duration.between(Instant.parse(node.getString("started_at")), clock.instant())),
                    node.getInteger("connections"),
                    node.getInteger("slots", 0),
                    (node.getBoolean("draining") ? "draining" : "serving")
                            + (node.getBoolean("this") ? ", queried" : ""));
        }
        out.flush();
    }

    private static String age(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d" + time.toHoursPart() + "h";
        } else if (time.toHours() > 0) {
            return time.toHours() + "h" + time.toMinutesPart() + "m";
        }
        return time.toMinutes() + "m" + Math.max(0, time.toSecondsPart()) + "s";
    }
}
