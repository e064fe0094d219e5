package dev.ganglion.api;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.Role;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Roles are kept by the ids of projects, and shown and given by their slugs: a project that is made anew under an old
 * slug is another one, in which nobody has the roles of before.
 */
final class Slugs {
    private final ProjectStore projects;

    Slugs(ProjectStore projects) {
        this.projects = projects;
    }

    /** The slugs of these projects by their ids; those that are gone are left out. */
    Future<Map<String, String>> of(Collection<String> ids) {
        return projects.byIds(ids).map(found -> {
            Map<String, String> slugs = new HashMap<>();
            for (Project project : found) {
                slugs.put(project.id(), project.slug());
            }
            return slugs;
        });
    }

    /** The id of a project that a body names. */
    Future<String> id(String slug, String field) {
        return projects.bySlug(slug)
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.VALIDATION_FAILED, field + ": there is no project of this slug", field)))
                .map(Project::id);
    }

    /** The roles of a body by the projects' ids; null for none. */
    Future<@Nullable Map<String, Role>> roles(@Nullable JsonObject bySlug) {
        if (bySlug == null) {
            return Future.succeededFuture(null);
        }
        Future<Map<String, Role>> all = Future.succeededFuture(new LinkedHashMap<>());
        for (Map.Entry<String, Object> each : bySlug) {
            Role role = Role.of(String.valueOf(each.getValue())).orElseThrow();
            all = all.compose(
                    roles -> id(each.getKey(), "roles/" + each.getKey()).map(id -> {
                        roles.put(id, role);
                        return roles;
                    }));
        }
        return all.map(roles -> roles);
    }
}
