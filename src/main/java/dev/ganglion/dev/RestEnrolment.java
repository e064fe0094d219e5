package dev.ganglion.dev;

import dev.ganglion.config.value.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** Creates the demo project and its agents through a node's REST interface. */
public final class RestEnrolment implements DemoProject.Enrolment {
    private static final String PROJECTS = "/api/v1/projects";

    private final LocalBrainClient node;
    private final Secret adminKey;

    public RestEnrolment(LocalBrainClient node, Secret adminKey) {
        this.node = node;
        this.adminKey = adminKey;
    }

    @Override
    public String project(String slug, String name) throws IOException {
        LocalBrainClient.Answer existing = node.get(PROJECTS + "/" + slug, adminKey);
        JsonObject body = new JsonObject().put("slug", slug).put("name", name);
        return (existing.status() == 404 ? node.post(PROJECTS, adminKey, body) : existing)
                .success()
                .getString("id");
    }

    @Override
    public boolean has(String slug, String agentId) throws IOException {
        LocalBrainClient.Answer found = node.get(PROJECTS + "/" + slug + "/agents/" + agentId, adminKey);
        return found.status() != 404 && !found.success().isEmpty();
    }

    @Override
    public DemoProject.NewAgent enrol(String slug, String name) throws IOException {
        JsonObject body = new JsonObject().put("name", name);
        JsonObject created =
                node.post(PROJECTS + "/" + slug + "/agents", adminKey, body).success();
        return new DemoProject.NewAgent(created.getJsonObject("agent").getString("id"), created.getString("token"));
    }
}
