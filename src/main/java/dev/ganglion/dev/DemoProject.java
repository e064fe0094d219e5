package dev.ganglion.dev;

import dev.ganglion.config.value.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** The demo project of {@code dev} and its agents. The agents' tokens are stored in the home directory. */
public final class DemoProject {
    public static final String SLUG = "demo";
    private static final String NOTE = "demo.json";

    /**
     * Holds what an enrolled agent needs to connect.
     *
     * @param projectId UUID of the demo project
     * @param agentId UUID of the agent
     * @param token bearer token of the agent
     * @param hmacSecret signing secret of the project, in URL-safe base64
     */
    public record Credentials(String projectId, String agentId, Secret token, Secret hmacSecret) {}

    /**
     * Creates the project and its agents, either in the stores of a brain in this process or through a node's REST
     * interface.
     */
    public interface Enrolment {
        /** Returns the id of the project with this slug, and creates the project if it does not exist. */
        String project(String slug, String name) throws Exception;

        /** Returns whether the project has this agent. */
        boolean has(String slug, String agentId) throws Exception;

        /** Enrols an agent and returns its token. The brain stores only a hash of the token. */
        Minted enrol(String slug, String name) throws Exception;
    }

    /** Holds the id and the token of a new agent. */
    public record Minted(String agentId, String token) {}

    private final DevHome home;
    private final Enrolment register;
    private final UnaryOperator<String> hmacSecrets;
    private final String projectId;
    private final JsonObject note;

    private DemoProject(
            DevHome home, Enrolment register, UnaryOperator<String> hmacSecrets, String projectId, JsonObject note) {
        this.home = home;
        this.register = register;
        this.hmacSecrets = hmacSecrets;
        this.projectId = projectId;
        this.note = note;
    }

    /**
     * Opens the demo project, and creates it if it does not exist.
     *
     * @param hmacSecrets returns the signing secret of a project by its id, as url-safe base64
     */
    public static DemoProject open(DevHome home, Enrolment register, UnaryOperator<String> hmacSecrets)
            throws Exception {
        String projectId = register.project(SLUG, "Demo");
        JsonObject note = home.read(NOTE).map(JsonObject::new).orElseGet(JsonObject::new);
        if (!projectId.equals(note.getString("project_id"))) {
            note = new JsonObject().put("project_id", projectId).put("agents", new JsonObject());
        }
        return new DemoProject(home, register, hmacSecrets, projectId, note);
    }

    /** Returns the credentials of the agent with this name, and enrols the agent if it does not exist. */
    public Credentials agent(String name) throws Exception {
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
