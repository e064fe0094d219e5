package dev.ganglion.api.request;

import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.people.Principals;
import dev.ganglion.budget.NodeBudgets;

/**
 * The services that authenticate, authorize and audit requests.
 *
 * @param principals authenticates callers
 * @param projects stores projects
 * @param source determines the origin of a request
 * @param trail writes the audit log
 * @param node identifier of this node in the audit log
 * @param budgets memory of this node for bodies and answers
 */
public record RequestServices(
        Principals principals,
        ProjectStore projects,
        RequestSource source,
        AuditTrail trail,
        String node,
        NodeBudgets budgets) {}
