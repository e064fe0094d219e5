package dev.ganglion;

import dev.ganglion.config.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** The project that {@code dev} brings along, and agents of it whose tokens are kept in the home. */
final class DemoProject {
    static final String SLUG = "demo";
    private static final String NOTE = "demo.json";

    /**
     * An enrolled agent with what it needs to connect.
     *
     * @param projectId UUID of the demo project
     * @param agentId UUID of the agent
     * @param token its bearer
     * @param hmacSecret the project's secret, url-safe base64
     */
    record Credentials(String projectId, String agentId, Secret token, Secret hmacSecret) {}

    /** Where a project and its agents are made: in the store of a brain of this process, or over a node's REST. */
    interface Register {
        /** The id of the project of this slug, made if it is missing. */
        String project(String slug, String name) throws Exception;

        /** Whether the project has this agent. */
        boolean has(String slug, String agentId) throws Exception;

        /** A new agent with its token; the hash of the token is all that the brain keeps. */
        Minted enrol(String slug, String name) throws Exception;
    }

    /** A new agent. */
    record Minted(String agentId, String token) {}

    private final DevHome home;
    private final Register register;
    private final UnaryOperator<String> hmacSecrets;
    private final String projectId;
    private final JsonObject note;

    private DemoProject(
            DevHome home, Register register, UnaryOperator<String> hmacSecrets, String projectId, JsonObject note) {
        this.home = home;
        this.register = register;
        this.hmacSecrets = hmacSecrets;
        this.projectId = projectId;
        this.note = note;
    }

    /**
     * The demo project, created if it is missing.
     *
     * @param hmacSecrets gives the signing secret of a project by its id, as url-safe base64
     */
    static DemoProject open(DevHome home, Register register, UnaryOperator<String> hmacSecrets) throws Exception {
        String projectId = register.project(SLUG, "Demo");
        JsonObject note = home.read(NOTE).map(JsonObject::new).orElseGet(JsonObject::new);
        if (!projectId.equals(note.getString("project_id"))) {
            note = new JsonObject().put("project_id", projectId).put("agents", new JsonObject());
        }
        return new DemoProject(home, register, hmacSecrets, projectId, note);
    }

    /** The agent of this name, enrolled if it is missing. */
    Credentials agent(String name) throws Exception {
        JsonObject agents = note.getJsonObject("agents");
        JsonObject kept = agents.getJsonObject(name);
        if (kept != null && register.has(SLUG, kept.getString("id"))) {
            return credentials(kept.getString("id"), kept.getString("token"));
        }
        Minted minted = register.enrol(SLUG, name);
        agents.put(name, new JsonObject().put("id", minted.agentId()).put("token", minted.token()));
        keep();
        return credentials(minted.agentId(), minted.token());
    }

    private Credentials credentials(String id, String token) {
        return new Credentials(projectId, id, Secret.of(token), Secret.of(hmacSecrets.apply(projectId)));
    }

    private void keep() throws IOException {
        home.write(NOTE, note.encodePrettily() + "\n");
    }
}
