package dev.ganglion.auth.audit;

import dev.ganglion.auth.people.Principal;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record of the audit: the actor, the action, its target, its origin and its outcome. Texts longer than 300
 * characters are truncated.
 *
 * @param id UUID
 * @param time time when the action began
 * @param actor principal that acted
 * @param action operation name in the OpenAPI document
 * @param scope address, request and node
 * @param target path below {@code /api/v1}, and the project that contains it
 * @param outcome {@code ok}, an error code, or {@code unknown} if the node stopped before it knew the outcome
 */
public record AuditRecord(
        String id, Instant time, Actor actor, String action, Scope scope, Target target, String outcome) {
    /** The outcome of a successful action. */
    public static final String OK = "ok";
    /** The outcome of an action whose node stopped before recording an outcome. */
    public static final String UNKNOWN = "unknown";

    private static final int MAX_TEXT = 300;

    /**
     * The principal that acted.
     *
     * @param kind kind of the principal, {@code anonymous} or {@code command_line}
     * @param id id of the user or key; null if there is none
     * @param name display name
     */
    public record Actor(String kind, @Nullable String id, String name) {
        /** Creates the actor of an authenticated principal. */
        public static Actor of(Principal principal) {
            return new Actor(principal.kind().wireName(), principal.id(), principal.name());
        }

        /** Creates an actor from an unproven claim, such as the email of a failed login. */
        public static Actor claimed(String name) {
            return new Actor("anonymous", null, name);
        }

        /** Creates the actor of a command-line tool that has the master secret and accesses the store directly. */
        public static Actor commandLine(String command) {
            return new Actor("command_line", null, command);
        }
    }

    /** The address of the client, the request, and the node that handled it. */
    public record Scope(String address, String requestId, String node) {}

    /**
     * The target of an action.
     *
     * @param path path of the request
     * @param subject information that the path lacks, such as the id of a new object; null for none
     * @param projectId id of the project; null for none
     * @param project slug of the project; null for none
     */
    public record Target(
            String path,
            @Nullable String subject,
            @Nullable String projectId,
            @Nullable String project) {}

    /** Returns a copy with this outcome and subject. */
    public AuditRecord ended(String how, @Nullable String subject) {
        Target known = new Target(target.path(), subject, target.projectId(), target.project());
        return new AuditRecord(id, time, actor, action, scope, known, how);
    }

    /** The record as it is stored and shown, without its position in the chain. */
    public JsonObject json() {
        return new JsonObject()
                .put("id", id)
                .put("time", time.toString())
                .put("actor_kind", actor.kind())
                .put("actor_id", actor.id())
                .put("actor", cut(actor.name()))
                .put("action", action)
                .put("target", cut(target.path()))
                .put("subject", cut(target.subject()))
                .put("project_id", target.projectId())
                .put("project", target.project())
                .put("outcome", outcome)
                .put("remote_address", scope.address())
                .put("request_id", scope.requestId())
                .put("node", scope.node());
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
