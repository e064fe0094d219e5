package dev.ganglion.api.people;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.audit.AuditLog;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** REST operations for reading the audit log. */
final class AuditRoutes {
    private final AuditLog audit;

    AuditRoutes(AuditLog audit) {
        this.audit = audit;
    }

    void addTo(Operations operations) {
        operations.addPage("listAudit", this::all);
        operations.addPage("listProjectAudit", this::ofProject);
    }

    private Future<Reply> all(Call call) {
        return page(null, call);
    }

    private Future<Reply> ofProject(Call call) {
        return page(call.project().id(), call);
    }

    private Future<Reply> page(@Nullable String projectId, Call call) {
        return audit.page(projectId, call.cursor(), call.limit())
                .map(page -> Reply.page(page.items(), page.nextCursor(), PeopleJson::audit));
    }
}
