package dev.ganglion.testing.people;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import io.vertx.core.json.JsonObject;

/** Creates users and API keys for tests. */
public final class TestUsers {
    /** The password of all test users. */
    public static final String PASSWORD = "correct horse battery";

    private final BrainExtension brain;

    /** Creates users and keys in this brain. */
    public TestUsers(BrainExtension brain) {
        this.brain = brain;
    }

    /** Creates a user with further fields in the request and returns the user as REST shows it. */
    @CanIgnoreReturnValue
    public JsonObject user(JsonObject more) {
        JsonObject body = new JsonObject()
                .put("email", brain.uniqueName("someone") + "@example.org")
                .put("password", PASSWORD);
        return brain.rest().post("/users", body.mergeIn(more)).expect(201);
    }

    /** Creates a user with a role in a project. */
    public JsonObject user(String slug, String role) {
        return user(new JsonObject().put("roles", new JsonObject().put(slug, role)));
    }

    /** Logs a user in. */
    @CanIgnoreReturnValue
    public Browser login(JsonObject user) {
        return Browser.at(brain.port()).login(user.getString("email"), PASSWORD);
    }

    /** Creates an API key with further fields in the request and returns it as REST shows it. */
    public JsonObject key(String role, JsonObject more) {
        JsonObject body = new JsonObject().put("name", brain.uniqueName("key")).put("role", role);
        return brain.rest().post("/api-keys", body.mergeIn(more)).expect(201);
    }

    /** Returns a REST client with a new API key that has a role in a project. */
    public Rest rest(String slug, String role) {
        return brain.rest(
                "Bearer " + key(role, new JsonObject().put("project", slug)).getString("key"));
    }
}
