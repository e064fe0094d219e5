package dev.ganglion.auth.audit;

import dev.ganglion.auth.audit.AuditChain.End;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditStore.Answer;
import dev.ganglion.auth.audit.AuditStore.Batch;
import dev.ganglion.auth.audit.AuditStore.Entry;
import dev.ganglion.auth.audit.AuditStore.Sealed;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit. The trail stores an open record before a change is made, and appends the final record when the
 * outcome is known. If a node dies in between, another node appends the record with the outcome {@code unknown}.
 *
 * <p>Each node writes one batch of records at a time. A batch follows the head that the node knows, and is stored only
 * if that is still the head of the chain. Otherwise another node was faster, and the node chains the batch again after
 * the new head. So the chain never forks, and of several concurrent writers one always succeeds. Thread-safe.
 */
public final class AuditTrail {
    /** Time after which another node records an open action with the outcome {@code unknown}. */
    public static final Duration LOST_AFTER = Duration.ofMinutes(10);
    /**
     * Largest number of records that wait on this node. Beyond it, the trail rejects records, and the brain rejects the
     * changes that these records belong to.
     */
    static final int MAX_WAITING = 1_000;

    private static final int BATCH = 64;
    private static final int MAX_TRIES = 200;
    /** Divisor of the number of kept records: the audit may grow by this share before it is trimmed. */
    private static final int SLACK = 20;

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private final AuditStore store;
    private final AuditChain chain;
    private final long kept;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean trimming;
    private volatile @Nullable Link known;

    private record Waiting(String id, String record, boolean onlyOpen, Promise<Void> stored) {}

    /**
     * Creates a trail.
     *
     * @param kept number of records to keep; older ones are trimmed
     */
    public AuditTrail(AuditStore store, AuditChain chain, long kept) {
        this.store = store;
        this.chain = chain;
        this.kept = kept;
    }

    /** Stores that an action is about to begin. If this fails, the caller must not perform the action. */
    public Future<Void> begin(AuditRecord record) {
        return begin(record, false);
    }

    /**
     * Stores that an action is about to begin.
     *
     * @param evenIfFull whether the action may begin although the memory of the store is full, because it frees memory
     *     or ends somebody's access
     */
    public Future<Void> begin(AuditRecord record, boolean evenIfFull) {
        return store.begin(
                record.id(), record.ended(AuditRecord.UNKNOWN, null).json().encode(), evenIfFull);
    }

    /** Appends a record. Completes when the record is stored. */
    public Future<Void> append(AuditRecord record) {
        return queue(record.id(), record.json().encode(), false);
    }

    /**
     * Appends the records of actions that began more than {@link #LOST_AFTER} before {@code now} and are still open.
     */
    public Future<Void> settle(Instant now) {
        return store.openRecords().compose(open -> {
            Future<Void> all = Future.succeededFuture();
            for (var each : open.entrySet()) {
                Instant began = Instant.parse(new JsonObject(each.getValue()).getString("time"));
                if (began.plus(LOST_AFTER).isBefore(now)) {
                    all = all.compose(done -> queue(each.getKey(), each.getValue(), true));
                }
            }
            return all;
        });
    }

    private Future<Void> queue(String id, String record, boolean onlyOpen) {
        Promise<Void> stored = Promise.promise();
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                return Future.failedFuture(new GanglionException(
                        ErrorCode.STORE_UNAVAILABLE, "too many audit records are waiting; try again later"));
            }
            waiting.add(new Waiting(id, record, onlyOpen, stored));
        }
        pump();
        return stored.future();
    }

    private void pump() {
        List<Waiting> batch = new ArrayList<>();
        synchronized (this) {
            if (writing || waiting.isEmpty()) {
                return;
            }
            writing = true;
            while (batch.size() < BATCH && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
        }
        write(batch, 0).onComplete(done -> {
            synchronized (this) {
                writing = false;
            }
            for (Waiting each : batch) {
                if (done.succeeded()) {
                    each.stored().tryComplete();
                } else {
                    each.stored().tryFail(done.cause());
                }
            }
            pump();
        });
    }

    private Future<Void> write(List<Waiting> batch, int tries) {
        if (batch.isEmpty()) {
            return Future.succeededFuture();
        }
        return head().compose(head -> store.append(chained(head, batch)))
                .onFailure(failure -> known = null) // the batch may be stored or not
                .compose(answer -> {
                    reportLostRecords(answer.head());
                    known = answer.head();
                    if (answer.appended()) {
                        trim(answer);
                        return Future.succeededFuture();
                    } else if (answer.ended() != null) {
                        batch.removeIf(each -> each.id().equals(answer.ended()) && each.onlyOpen() && ended(each));
                        return write(batch, tries);
                    }
                    return tries < MAX_TRIES
                            ? write(batch, tries + 1)
                            : Future.failedFuture(new GanglionException(
                                    ErrorCode.STORE_UNAVAILABLE,
                                    "other nodes append to the audit too often; try again later"));
                });
    }

    private static boolean ended(Waiting each) {
        return each.stored().tryComplete();
    }

    private Future<Link> head() {
        Link last = known;
        return last == null ? store.ends().map(ends -> ends.head().link()) : Future.succeededFuture(last);
    }

    private Batch chained(Link head, List<Waiting> batch) {
        List<Entry> entries = new ArrayList<>();
        Set<String> onlyOpen = new HashSet<>();
        Link last = head;
        for (Waiting each : batch) {
            last = chain.next(last, each.record());
            entries.add(new Entry(each.id(), last, each.record()));
            if (each.onlyOpen()) {
                onlyOpen.add(each.id());
            }
        }
        return new Batch(head, entries, new Sealed(last, chain.seal(End.HEAD, last)), onlyOpen);
    }

    /** Reports lost records. The head only moves forward, unless Redis lost records or somebody removed some. */
    private void reportLostRecords(Link now) {
        Link before = known;
        if (before != null && now.seq() < before.seq()) {
            LOG.atError()
                    .addKeyValue("before", before)
                    .addKeyValue("now", now)
                    .log("The audit has lost records; run `ganglion audit verify --head` with the value of `before`");
        }
    }

    private void trim(Answer answer) {
        long cut = answer.head().seq() - kept;
        synchronized (this) {
            if (trimming || cut - answer.anchor() < Math.max(1, kept / SLACK)) {
                return;
            }
            trimming = true;
        }
        store.entriesFrom(cut, 1)
                .compose(found -> found.isEmpty() || found.get(0).link().seq() != cut
                        ? Future.failedFuture("record " + cut + " is missing")
                        : store.trim(anchor(found.get(0).link())))
                .onFailure(failure ->
                        LOG.atWarn().addKeyValue("reason", failure.getMessage()).log("Cannot trim the audit"))
                .onComplete(done -> {
                    synchronized (this) {
                        trimming = false;
                    }
                });
    }

    private Sealed anchor(Link link) {
        return new Sealed(link, chain.seal(End.ANCHOR, link));
    }
}
