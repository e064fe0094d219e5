package dev.ganglion.auth;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, to what, from where, and how it ended. What is longer than a field may be is cut.
 *
 * @param id UUID
 * @param time when it began
 * @param actor who
 * @param action what: the operation's name in the OpenAPI document
 * @param scope where: node, address, request
 * @param target to what: the address below {@code /api/v1}, and the project that it lies in
 * @param outcome {@code ok}, an error's code, or {@code unknown} where the node ended before it knew
 */
public record AuditRecord(
        String id, Instant time, Actor actor, String action, Scope scope, Target target, String outcome) {
    /** The outcome of what went well. */
    public static final String OK = "ok";
    /** The outcome that nobody could record. */
    public static final String UNKNOWN = "unknown";

    private static final int MAX_TEXT = 300;

    /** Who: {@code kind} is a principal's, {@code anonymous} or {@code command_line}. */
    public record Actor(String kind, @Nullable String id, String name) {
        /** Somebody who is known. */
        public static Actor of(Principal principal) {
            return new Actor(principal.kind().wireName(), principal.id(), principal.name());
        }

        /** Somebody who says to be that, and has not proved it. */
        public static Actor claimed(String name) {
            return new Actor("anonymous", null, name);
        }

        /** Whoever has the master secret and the store: a command that asks no brain. */
        public static Actor commandLine(String command) {
            return new Actor("command_line", null, command);
        }
    }

    /** Where a request came from and who took it. */
    public record Scope(String address, String requestId, String node) {}

    /**
     * To what.
     *
     * @param path the address
     * @param subject what the address does not say, such as the id of what was made
     * @param projectId the project's id
     * @param project its slug
     */
    public record Target(
            String path,
            @Nullable String subject,
            @Nullable String projectId,
            @Nullable String project) {}

    /** The same with an outcome, and with what is known of the target by now. */
    public AuditRecord ended(String how, @Nullable String subject) {
        Target known = new Target(target.path(), subject, target.projectId(), target.project());
        return new AuditRecord(id, time, actor, action, scope, known, how);
    }

    /** As it is stored and shown, but for its place in the chain. */
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
