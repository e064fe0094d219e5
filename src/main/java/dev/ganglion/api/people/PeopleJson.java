package dev.ganglion.api.people;

import dev.ganglion.api.request.RestTimes;
import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.people.ApiKey;
import dev.ganglion.auth.people.LoginSession;
import dev.ganglion.auth.people.Role;
import dev.ganglion.auth.people.User;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serializes users, API keys, login sessions and audit records for REST. No view contains a secret. */
final class PeopleJson {
    private PeopleJson() {}

    static JsonObject user(User user, Map<String, String> slugs) {
        return new JsonObject()
                .put("id", user.id())
                .put("email", user.email())
                .put("display_name", user.displayName())
                .put("is_admin", user.admin())
                .put("disabled", user.disabled())
                .put("roles", roles(user.roles(), slugs))
                .put("created_at", RestTimes.text(user.createdAt()))
                .put("last_login_at", RestTimes.text(user.lastLoginAt()));
    }

    /** Returns roles by project slug. Roles in deleted projects are omitted. */
    static JsonObject roles(Map<String, Role> roles, Map<String, String> slugs) {
        JsonObject view = new JsonObject();
        roles.forEach((project, role) -> {
            String slug = slugs.get(project);
            if (slug != null) {
                view.put(slug, role.wireName());
            }
        });
        return view;
    }

    static JsonObject apiKey(ApiKey key, Map<String, String> slugs) {
        String projectId = key.grant().projectId();
        return new JsonObject()
                .put("id", key.id())
                .put("name", key.name())
                .put("role", key.grant().role().wireName())
                .put("project", projectId == null ? null : slugs.get(projectId))
                .put("project_id", projectId)
                .put("prefix", key.prefix())
                .put("created_at", RestTimes.text(key.createdAt()))
                .put("created_by", key.createdBy())
                .put("expires_at", RestTimes.text(key.expiresAt()))
                .put("last_used_at", RestTimes.text(key.lastUsedAt()));
    }

    static JsonObject session(LoginSession session, @Nullable String current) {
        return new JsonObject()
                .put("id", session.id())
                .put("origin", session.origin())
                .put("remote_address", session.address())
                .put("user_agent", session.userAgent())
                .put("created_at", RestTimes.text(session.createdAt()))
                .put("last_seen_at", RestTimes.text(session.lastSeenAt()))
                .put("expires_at", RestTimes.text(session.expiresAt()))
                .put("this", session.id().equals(current));
    }

    static JsonObject audit(AuditLog.Listed entry) {
        return new JsonObject()
                .put("seq", entry.seq())
                .mergeIn(new JsonObject(entry.record()))
                .put("count", entry.count())
                .put("first_time", RestTimes.text(entry.first()));
    }
}
