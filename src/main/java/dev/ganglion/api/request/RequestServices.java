package dev.ganglion.api.request;

import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.people.Principals;
import dev.ganglion.budget.NodeBudgets;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * The services that authenticate, authorize and audit requests.
 *
 * @param principals authenticates callers
 * @param projects stores projects
 * @param source determines the origin of a request
 * @param trail writes the audit log
 * @param auditLog counts refused calls
 * @param sameStore completes if every answer until now came from the store that the node uses
 * @param node identifier of this node in the audit log
 * @param budgets memory of this node for bodies and answers
 */
public record RequestServices(
        Principals principals,
        ProjectStore projects,
        RequestSource source,
        AuditTrail trail,
        AuditLog auditLog,
        Supplier<Future<Void>> sameStore,
        String node,
        NodeBudgets budgets) {}
