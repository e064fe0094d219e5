package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;

/** Makes users and keys for a brain's tests. */
public final class Staff {
    /** The password of all users of the tests. */
    public static final String PASSWORD = "correct horse battery";

    private final BrainExtension brain;

    /** The people of a brain. */
    public Staff(BrainExtension brain) {
        this.brain = brain;
    }

    /** A new user with more fields in the request; gives it as REST shows it. */
    @CanIgnoreReturnValue
    public JsonObject user(JsonObject more) {
        JsonObject body = new JsonObject()
                .put("email", brain.newName("someone") + "@example.org")
                .put("password", PASSWORD);
        return brain.rest().post("/users", body.mergeIn(more)).expect(201);
    }

    /** A new user with a role in a project. */
    public JsonObject user(String slug, String role) {
        return user(new JsonObject().put("roles", new JsonObject().put(slug, role)));
    }

    /** A user who is logged in. */
    @CanIgnoreReturnValue
    public Browser login(JsonObject user) {
        return Browser.at(brain.port()).login(user.getString("email"), PASSWORD);
    }

    /** A new key with more fields in the request, as REST shows it. */
    public JsonObject key(String role, JsonObject more) {
        JsonObject body = new JsonObject().put("name", brain.newName("key")).put("role", role);
        return brain.rest().post("/api-keys", body.mergeIn(more)).expect(201);
    }

    /** REST by a key with a role in a project. */
    public Rest rest(String slug, String role) {
        return brain.rest(
                "Bearer " + key(role, new JsonObject().put("project", slug)).getString("key"));
    }
}
