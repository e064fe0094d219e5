package dev.ganglion.dev;

import dev.ganglion.config.value.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** The demo project of {@code dev} and its agents. The agents' tokens are stored in the home directory. */
public final class DemoProject {
    public static final String SLUG = "demo";
    private static final String FILE = "demo.json";

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
        NewAgent enrol(String slug, String name) throws Exception;
    }

    /** Holds the id and the token of a new agent. */
    public record NewAgent(String agentId, String token) {}

    private final DevHome home;
    private final Enrolment enrolment;
    private final UnaryOperator<String> hmacSecrets;
    private final String projectId;
    private final JsonObject saved;

    private DemoProject(
            DevHome home, Enrolment enrolment, UnaryOperator<String> hmacSecrets, String projectId, JsonObject saved) {
        this.home = home;
        this.enrolment = enrolment;
        this.hmacSecrets = hmacSecrets;
        this.projectId = projectId;
        this.saved = saved;
    }

    /**
     * Opens the demo project, and creates it if it does not exist.
     *
     * @param hmacSecrets returns the signing secret of a project by its id, as url-safe base64
     */
    public static DemoProject open(DevHome home, Enrolment enrolment, UnaryOperator<String> hmacSecrets)
            throws Exception {
        String projectId = enrolment.project(SLUG, "Demo");
        JsonObject saved = home.read(FILE).map(JsonObject::new).orElseGet(JsonObject::new);
        if (!projectId.equals(saved.getString("project_id"))) {
            saved = new JsonObject().put("project_id", projectId).put("agents", new JsonObject());
        }
        return new DemoProject(home, enrolment, hmacSecrets, projectId, saved);
    }

    /** Returns the credentials of the agent with this name, and enrols the agent if it does not exist. */
    public Credentials agent(String name) throws Exception {
        JsonObject agents = saved.getJsonObject("agents");
        JsonObject known = agents.getJsonObject(name);
        if (known != null && enrolment.has(SLUG, known.getString("id"))) {
            return credentials(known.getString("id"), known.getString("token"));
        }
        NewAgent minted = enrolment.enrol(SLUG, name);
        agents.put(name, new JsonObject().put("id", minted.agentId()).put("token", minted.token()));
        save();
        return credentials(minted.agentId(), minted.token());
    }

    private Credentials credentials(String id, String token) {
        return new Credentials(projectId, id, Secret.of(token), Secret.of(hmacSecrets.apply(projectId)));
    }

    private void save() throws IOException {
        home.write(FILE, saved.encodePrettily() + "\n");
    }
}
