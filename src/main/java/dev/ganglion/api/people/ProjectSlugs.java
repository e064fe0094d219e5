package dev.ganglion.api.people;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.people.Role;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates between project ids and slugs. Roles are stored by project id, and REST shows them by slug. A project that
 * is created again under an old slug is a different project, in which the earlier roles do not apply.
 */
final class ProjectSlugs {
    private final ProjectStore projects;

    ProjectSlugs(ProjectStore projects) {
        this.projects = projects;
    }

    /** Returns the slugs of projects by id. Deleted projects are omitted. */
    Future<Map<String, String>> of(Collection<String> ids) {
        return projects.byIds(ids).map(found -> {
            Map<String, String> slugs = new HashMap<>();
            for (Project project : found) {
                slugs.put(project.id(), project.slug());
            }
            return slugs;
        });
    }

    /**
     * Returns the id of the project that a body field names. Fails with {@code validation_failed} if it does not exist.
     */
    Future<String> id(String slug, String field) {
        return projects.bySlug(slug)
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.VALIDATION_FAILED, field + ": no project has this slug", field)))
                .map(Project::id);
    }

    /** Translates the roles of a body, given by slug, to roles by project id; null if the body has none. */
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
