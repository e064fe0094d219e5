package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Exposes the budgets of a node: the bytes that it holds on behalf of clients, their limits, and how often a limit
 * refused something. All refusals exist from the start, so that monitoring sees the first one. Thread-safe.
 */
public final class BudgetMetrics {
    /** A use of memory on behalf of clients. */
    public enum Budget {
        /** Messages of WebSockets that are received in part, or that their peer has not read. */
        SOCKETS,
        /** Answers of the REST API in the making. */
        ANSWERS,
        /** Long-poll bodies that are read or processed. */
        UPLOADS;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final MeterRegistry registry;
    private final Map<Budget, Counter> refusals = new EnumMap<>(Budget.class);

    BudgetMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Budget budget : Budget.values()) {
            refusals.put(
                    budget,
                    Counter.builder("ganglion.budget.refusals")
                            .tag("budget", budget.label())
                            .description("Requests that were refused and sockets that were cut to stay within a budget")
                            .register(registry));
        }
    }

    /**
     * Exposes a budget. Called once for each budget of a node.
     *
     * @param used the bytes in use now; called on the thread that reads the metrics
     * @param limit the largest number of bytes
     */
    public void expose(Budget budget, LongSupplier used, long limit) {
        Gauge.builder("ganglion.budget.bytes", used::getAsLong)
                .tag("budget", budget.label())
                .description("Bytes that the node holds for clients now")
                .register(registry);
        Gauge.builder("ganglion.budget.limit.bytes", () -> limit)
                .tag("budget", budget.label())
                .description("Largest number of bytes that the node holds for clients")
                .register(registry);
    }

    /** Counts a request that was refused, or a socket that was cut, to stay within a budget. */
    public void refused(Budget budget) {
        Objects.requireNonNull(refusals.get(budget)).increment();
    }
}
