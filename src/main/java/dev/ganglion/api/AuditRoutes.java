package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.audit.AuditStore;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** REST operations for reading the audit log. */
final class AuditRoutes {
    private final ProjectRoutes projects;
    private final AuditStore audit;

    AuditRoutes(ProjectRoutes projects, AuditStore audit) {
        this.projects = projects;
        this.audit = audit;
    }

    Future<Reply> all(Call call) {
        return page(null, call);
    }

    Future<Reply> ofProject(Call call) {
        return projects.ofPath(call).compose(project -> page(project.id(), call));
    }

    private Future<Reply> page(@Nullable String projectId, Call call) {
        return audit.page(projectId, call.cursor(), call.limit())
                .map(page -> Reply.ok(ProjectJson.page(page.items(), page.nextCursor(), PeopleJson::audit)));
    }
}
