package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows why the store is unavailable. Many sources report to it: every connection of the node, and the checks of the
 * store. Readiness, the log, the metrics and the cluster's REST answer show what it knows. Thread-safe.
 *
 * <p>An outage begins with the first fault, and ends when no source has had a fault for {@link #QUIET_MS}. So sources
 * that fail and recover in turns share one outage. The log has one line for each reason and server of an outage, and
 * one when it ends.
 */
public final class StoreCondition {
    /** Time without faults that ends an outage, in milliseconds. */
    static final long QUIET_MS = 5_000;
    /** Time after which a failed call no longer counts as a fault, in milliseconds. */
    static final long LAPSE_MS = 2_500;
    /** Most log lines of one outage, besides its end. */
    static final int MAX_LINES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(StoreCondition.class);

    private final Ticker ticker;
    private final Map<String, Report> reports = new LinkedHashMap<>();
    private final Set<String> logged = new HashSet<>();
    private @Nullable StoreFault last;
    private long beganAt;
    private long quietSince;
    /** Whether no source has a fault. Read on the way of every frame, so that this way takes no lock. */
    private volatile boolean clear = true;

    /** A fault of one source; {@code lapsesAt} is the time of the ticker at which it no longer counts, if any. */
    private record Report(StoreFault fault, @Nullable Long lapsesAt) {}

    /** Creates the condition of a store without faults. */
    public StoreCondition(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Records a fault that lasts until the same source reports {@link #available}. */
    public void unavailable(String source, StoreFault fault) {
        report(source, fault, false);
    }

    /** Records that a call failed. Without a further failure, the fault lapses after {@link #LAPSE_MS}. */
    public void failed(String source, StoreFault fault) {
        report(source, fault, true);
    }

    private synchronized void report(String source, StoreFault fault, boolean lapses) {
        long now = ticker.nanos();
        settle(now);
        if (last == null) {
            beganAt = now;
        }
        last = fault;
        clear = false;
        reports.put(source, new Report(fault, lapses ? now + TimeUnit.MILLISECONDS.toNanos(LAPSE_MS) : null));
        if (logged.size() < MAX_LINES && logged.add(fault.reason() + " " + fault.server())) {
            (fault.reason().severe() ? LOG.atError() : LOG.atWarn())
                    .addKeyValue("reason", fault.reason().label())
                    .addKeyValue("server", fault.server())
                    .addKeyValue("line", source)
                    .log("Redis is unavailable: {}", fault.detail());
        }
    }

    /** Records that a source has no fault any more. */
    public void available(String source) {
        if (!clear) {
            remove(source);
        }
    }

    private synchronized void remove(String source) {
        if (reports.remove(source) != null && reports.isEmpty()) {
            becomeClear(ticker.nanos());
        }
    }

    private void becomeClear(long now) {
        clear = true;
        quietSince = now;
    }

    /** Drops faults that lapsed, and ends the outage after a quiet time. Call it about once per second. */
    public synchronized void settle() {
        settle(ticker.nanos());
    }

    private void settle(long now) {
        boolean lapsed = false;
        for (Iterator<Report> each = reports.values().iterator(); each.hasNext(); ) {
            Long lapsesAt = each.next().lapsesAt;
            if (lapsesAt != null && now - lapsesAt >= 0) {
                each.remove();
                lapsed = true;
            }
        }
        if (lapsed && reports.isEmpty()) {
            becomeClear(now);
        }
        if (last != null && reports.isEmpty() && now - quietSince >= TimeUnit.MILLISECONDS.toNanos(QUIET_MS)) {
            last = null;
            logged.clear();
            LOG.atInfo()
                    .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(quietSince - beganAt))
                    .log("Redis is available again");
        }
    }

    /** Returns the most telling fault of all sources, or empty if no source has one. */
    public Optional<StoreFault> fault() {
        return clear ? Optional.empty() : current();
    }

    private synchronized Optional<StoreFault> current() {
        settle(ticker.nanos());
        return reports.values().stream().map(Report::fault).min(Comparator.comparing(StoreFault::reason));
    }

    /** Returns the present fault, or the last one of an outage that is not over yet. */
    public synchronized Optional<StoreFault> lastFault() {
        return current().or(() -> Optional.ofNullable(last));
    }

    /** Exposes for each reason whether a source has this fault. */
    public void bindTo(MeterRegistry registry) {
        for (StoreFault.Reason reason : StoreFault.Reason.values()) {
            Gauge.builder("ganglion.store.unavailable", () -> has(reason) ? 1 : 0)
                    .tag("reason", reason.label())
                    .description("1 while Redis is unavailable for this reason")
                    .register(registry);
        }
    }

    private synchronized boolean has(StoreFault.Reason reason) {
        settle(ticker.nanos());
        return reports.values().stream().anyMatch(report -> report.fault.reason() == reason);
    }
}
