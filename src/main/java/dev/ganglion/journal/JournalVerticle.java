package dev.ganglion.journal;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the agents' journals, independently of the lanes: one call to the store at a time, and no session waits for
 * it. After a write, dashboards of the project are notified, so that they also show refusals, which change nothing
 * else. The {@link JournalWriter} bounds the rate of writes, and thereby of notifications.
 */
public final class JournalVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(JournalVerticle.class);
    private static final int CALL_SIZE = 64;
    private static final long TICK_MS = 1_000;
    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final long DRAIN_POLL_MS = 10;

    private final Journal journal;
    private final BrainMetrics metrics;
    private final NodeBus nodes;
    private final Ticker ticker;
    private final JournalWriter writer = new JournalWriter();
    private boolean busy;
    private boolean failing;

    /** Creates a writer that does not listen yet. */
    public JournalVerticle(Journal journal, BrainMetrics metrics, NodeBus nodes, Ticker ticker) {
        this.journal = journal;
        this.metrics = metrics;
        this.nodes = nodes;
        this.ticker = ticker;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(TICK_MS, timer -> {
            writer.tick(ticker.nanos());
            metrics.journalDropped(writer.dropped());
            write();
        });
        return vertx.eventBus()
                .<JournalNote>localConsumer(Addresses.JOURNAL, message -> {
                    writer.offer(message.body());
                    if (!failing) {
                        write();
                    }
                })
                .completion();
    }

    /** Waits until the pending entries are written, for one second at most. */
    @Override
    public Future<?> stop() {
        writer.finish();
        write();
        Promise<Void> drained = Promise.promise();
        long end = ticker.nanos() + DRAIN.toNanos();
        vertx.setPeriodic(DRAIN_POLL_MS, timer -> {
            if ((writer.waiting() == 0 && !busy) || failing || ticker.nanos() > end) {
                vertx.cancelTimer(timer);
                drained.tryComplete();
            }
        });
        return drained.future();
    }

    private void notifyDashboards(List<JournalEntry> written) {
        written.stream()
                .map(entry -> entry.agent().projectId())
                .distinct()
                .forEach(project -> nodes.changed(project, ChangeNotice.Topic.AGENT));
    }

    /** Writes the pending entries. After a failure only the timer starts the next attempt: at most one per second. */
    private void write() {
        if (busy) {
            return;
        }
        List<JournalEntry> entries = writer.take(CALL_SIZE, ticker.nanos());
        if (entries.isEmpty()) {
            return;
        }
        busy = true;
        journal.append(entries).onComplete(done -> {
            busy = false;
            failing = done.failed();
            if (done.failed()) {
                LOG.atDebug()
                        .setCause(done.cause())
                        .log("Failed to write journal entries to the store; retrying within a second");
                writer.giveBack(entries);
            } else {
                notifyDashboards(entries);
                write();
            }
        });
    }
}
