package dev.ganglion;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.socket.ConnectionLimits;
import dev.ganglion.socket.GuardedTransport;
import dev.ganglion.socket.OpenConnections;
import dev.ganglion.socket.SocketBudget;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.BudgetMetrics.Budget;
import dev.ganglion.telemetry.Ticker;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.transport.Transport;

/**
 * The metrics of a node and the register of its connections, which exist before Vert.x starts.
 *
 * @param registry registry of all metrics, also those of the JVM
 * @param metrics metrics of the brain
 * @param connections connections to the HTTP port
 */
record BrainInstruments(PrometheusMeterRegistry registry, BrainMetrics metrics, OpenConnections connections) {
    static BrainInstruments of(GanglionConfig config, Ticker ticker) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        JvmGcMetrics gc = new JvmGcMetrics();
        gc.bindTo(registry);
        BrainMetrics metrics = new BrainMetrics(registry);
        SocketBudget sockets = new SocketBudget(
                config.http().connections().socketBudget().orElseGet(SocketBudget::defaultBytes),
                () -> metrics.budgets().refused(Budget.SOCKETS));
        metrics.budgets().expose(Budget.SOCKETS, sockets::used, sockets.maxBytes());
        OpenConnections connections = new OpenConnections(
                ConnectionLimits.of(config.http().connections()),
                config.http().trustedProxies(),
                sockets,
                metrics.httpConnections(),
                ticker);
        return new BrainInstruments(registry, metrics, connections);
    }

    /** The transport of this node, which registers each connection. */
    Transport transport() {
        return GuardedTransport.of(connections);
    }
}
