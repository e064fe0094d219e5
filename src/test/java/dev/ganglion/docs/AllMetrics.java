package dev.ganglion.docs;

import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.BudgetMetrics.Budget;
import dev.ganglion.telemetry.LoginAndAuditMetrics.AuditStep;
import dev.ganglion.telemetry.LoginAndAuditMetrics.Login;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.Ticker;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;

/** Collects all metrics that a brain can export: calls each method that records one, also those of rare events. */
final class AllMetrics {
    private static final String PROJECT = "demo";

    private AllMetrics() {}

    /** Returns the families by name. */
    static Map<String, MetricFamily> families() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        BrainMetrics metrics = new BrainMetrics(registry);
        new StoreCondition(Ticker.system()).bindTo(registry);
        traffic(metrics);
        node(metrics);
        projection(new ProjectionMetrics(registry));
        return MetricFamily.parse(registry.scrape());
    }

    private static void traffic(BrainMetrics metrics) {
        metrics.connections(() -> 1);
        metrics.online().connected(PROJECT, "agent");
        metrics.eventsIngested(PROJECT, "celery", "task.sent", 1);
        metrics.eventsRejected(PROJECT, 1);
        metrics.batchSize(1_000, 200);
        metrics.batch(PROJECT, true);
        metrics.batch(PROJECT, false);
        metrics.batchRepeated(PROJECT, "agent");
        metrics.frameVerified("heartbeat");
        metrics.frameRefused("malformed_frame");
        metrics.closed("normal");
        metrics.upgradeRefused("store");
        metrics.pollRefused("unauthorized");
        metrics.fenced();
        metrics.helloDamped(PROJECT);
        metrics.acked(1);
        metrics.commandHop(1);
        metrics.commandResult("completed");
        metrics.command(PROJECT, "retry_task", "completed");
    }

    private static void node(BrainMetrics metrics) {
        metrics.dashboards(() -> 1);
        metrics.dashboardClosed("idle");
        metrics.slots(() -> 1);
        metrics.members(() -> 1);
        metrics.cutOff(() -> 0);
        metrics.unreachableNodes(() -> 0);
        metrics.refusedAtBus("length", PROJECT, counts -> 1);
        metrics.slotMoved();
        metrics.slotsReasserted(1);
        metrics.journalDropped(1);
        metrics.storeCall(1);
        metrics.eventLoopLag(1);
        metrics.laneStoreLost(true);
        metrics.httpConnections().expose(() -> 1, 1);
        metrics.budgets().expose(Budget.SOCKETS, () -> 1, 1);
        metrics.budgets().refused(Budget.SOCKETS);
        metrics.loginsAndAudit().login(Login.OK);
        metrics.loginsAndAudit().auditWritten();
        metrics.loginsAndAudit().auditFailed(AuditStep.BEGIN);
    }

    private static void projection(ProjectionMetrics metrics) {
        metrics.memory(() -> 1);
        ProjectionMetrics.Project project = metrics.project(PROJECT, PROJECT);
        project.lag(1, 1);
        project.caughtUp(1);
        project.engines(Map.of("celery|mail", 1L), Map.of("celery", 1));
        project.skipped(1);
        project.ended("celery", "success", 1L);
    }
}
