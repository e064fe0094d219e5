package dev.ganglion.event;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.Change;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the agents' journals, beside the lanes: one call to the store at a time, and nobody waits for it. Who looks at
 * the project is told of what was written: so a refusal, which changes nothing else, is seen too. That is as little as
 * the {@link JournalDesk} writes, whoever provokes it.
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
    private final JournalDesk desk = new JournalDesk();
    private boolean busy;
    private boolean away;

    /** A writer that does not yet listen. */
    public JournalVerticle(Journal journal, BrainMetrics metrics, NodeBus nodes) {
        this.journal = journal;
        this.metrics = metrics;
        this.nodes = nodes;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(TICK_MS, timer -> {
            desk.tick(System.nanoTime());
            metrics.journalDropped(desk.dropped());
            write();
        });
        return vertx.eventBus()
                .<JournalNote>localConsumer(Addresses.JOURNAL, message -> {
                    desk.offer(message.body());
                    if (!away) {
                        write();
                    }
                })
                .completion();
    }

    /** Waits, for a bounded time, until what was noted is written. */
    @Override
    public Future<?> stop() {
        desk.finish();
        write();
        Promise<Void> drained = Promise.promise();
        long end = System.nanoTime() + DRAIN.toNanos();
        vertx.setPeriodic(DRAIN_POLL_MS, timer -> {
            if ((desk.waiting() == 0 && !busy) || away || System.nanoTime() > end) {
                vertx.cancelTimer(timer);
                drained.tryComplete();
            }
        });
        return drained.future();
    }

    private void tell(List<JournalEntry> written) {
        written.stream()
                .map(entry -> entry.agent().projectId())
                .distinct()
                .forEach(project -> nodes.changed(project, Change.Topic.AGENT));
    }

    /** After a failure the next try is the timer's: at most one a second. */
    private void write() {
        if (busy) {
            return;
        }
        List<JournalEntry> entries = desk.take(CALL_SIZE, System.nanoTime());
        if (entries.isEmpty()) {
            return;
        }
        busy = true;
        journal.append(entries).onComplete(done -> {
            busy = false;
            away = done.failed();
            if (done.failed()) {
                LOG.atDebug().setCause(done.cause()).log("the journal could not be written");
                desk.giveBack(entries);
            } else {
                tell(entries);
                write();
            }
        });
    }
}
