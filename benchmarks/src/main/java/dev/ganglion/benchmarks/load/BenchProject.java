package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Credential;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A project with agents that is created for one run. Closing it deletes the project and all its events. */
public final class BenchProject implements AutoCloseable {
    private static final int PAGE = 500;

    private final Rest rest;
    private final String slug;
    private final String projectId;
    private final List<Credential> agents;

    private BenchProject(Rest rest, String slug, String projectId, List<Credential> agents) {
        this.rest = rest;
        this.slug = slug;
        this.projectId = projectId;
        this.agents = agents;
    }

    /** Creates a project with this many agents and this connection cap (0 = none). */
    public static BenchProject of(Rest rest, int count, int cap) {
        String slug = "bench-" + UUID.randomUUID().toString().substring(0, 12);
        JsonObject project = rest.post(
                "/projects",
                new JsonObject().put("slug", slug).put("name", slug).put("connection_cap", cap));
        String projectId = project.getString("id");
        List<Credential> agents = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> agent(rest, slug, projectId, i))
                .toList();
        return new BenchProject(rest, slug, projectId, agents);
    }

    private static Credential agent(Rest rest, String slug, String projectId, int number) {
        JsonObject made = rest.post("/projects/" + slug + "/agents", new JsonObject().put("name", "agent-" + number));
        return Credential.of(new JsonObject()
                .put("agent_id", made.getJsonObject("agent").getString("id"))
                .put("project_id", projectId)
                .put("token", made.getString("token"))
                .put("hmac_secret", made.getString("hmac_secret")));
    }

    /** The agents. */
    public List<Credential> agents() {
        return agents;
    }

    /** The project's slug. */
    public String slug() {
        return slug;
    }

    /** The project's id. */
    public String projectId() {
        return projectId;
    }

    /** Counts the project's stored events by reading all of them over REST, page by page. */
    public long storedEvents() {
        long count = 0;
        String cursor = "";
        while (cursor != null) {
            JsonObject page = rest.get(
                    "/projects/" + slug + "/events?limit=" + PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            JsonArray items = page.getJsonArray("items");
            count += items.size();
            cursor = page.getString("next_cursor");
        }
        return count;
    }

    @Override
    public void close() {
        rest.delete("/projects/" + slug);
    }
}
