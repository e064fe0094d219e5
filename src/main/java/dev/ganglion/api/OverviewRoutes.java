package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RestTimes;
import dev.ganglion.auth.Project;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** REST operation for the recent activity of a project. */
final class OverviewRoutes {
    private final ClusterActivity activity;

    OverviewRoutes(ClusterActivity activity) {
        this.activity = activity;
    }

    void addTo(Operations operations) {
        operations.addFromMemory("getOverview", this::overview);
    }

    private Future<Reply> overview(Call call) {
        Project project = call.project();
        JsonArray samples = new JsonArray();
        activity.samples().forEach(sample -> samples.add(view(project, sample)));
        return Future.succeededFuture(Reply.ok(new JsonObject()
                .put("interval_seconds", ClusterActivity.TICK_MS / 1_000)
                .put("samples", samples)));
    }

    private static JsonObject view(Project project, ClusterActivity.Sample sample) {
        return new JsonObject()
                .put("at", RestTimes.text(sample.at()))
                .put("events_per_second", of(sample.events(), project))
                .put("commands_per_second", of(sample.commands(), project))
                .put("connections", (long) of(sample.connections(), project))
                .put("ack_p50_ms", sample.latency().quantileMs(0.5))
                .put("ack_p99_ms", sample.latency().quantileMs(0.99));
    }

    private static double of(Map<String, Double> byProject, Project project) {
        return Math.round(byProject.getOrDefault(project.slug(), 0.0) * 100) / 100.0;
    }
}
