package dev.ganglion.projection.rollup;

import dev.ganglion.projection.failure.Fingerprint;
import java.util.List;
import java.util.Map;

/**
 * The failures of one fingerprint. Totals cover the whole time since the group was first seen; the counts per minute are
 * in the roll-ups ({@link RollUpReader}). Times are in milliseconds since 1970. Not thread-safe.
 */
public final class FailureGroup {
    private static final int VERSION = 1;
    private static final int HEAP = 2_000;

    private final long fingerprint;
    private final Fingerprint parts;
    private final NameCounts workers = new NameCounts();
    private final NameCounts queues = new NameCounts();
    private final NameCounts agentVersions = new NameCounts();
    private final FailureSamples samples = new FailureSamples();
    private long total;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs;

    FailureGroup(long fingerprint, Fingerprint parts) {
        this.fingerprint = fingerprint;
        this.parts = parts;
    }

    /** Decodes a stored group. */
    public static FailureGroup decode(byte[] stored) {
        ValueReader in = new ValueReader(stored, VERSION);
        FailureGroup group = new FailureGroup(in.word(), new Fingerprint(in.text(), in.text(), in.text(), in.text()));
        group.total = in.signed();
        group.firstMs = in.number();
        group.lastMs = in.number();
        group.workers.decode(in);
        group.queues.decode(in);
        group.agentVersions.decode(in);
        group.samples.decode(in);
        return group;
    }

    byte[] encode(ValueWriter out) {
        out.bits(VERSION);
        out.word(fingerprint);
        out.text(parts.type());
        out.text(parts.message());
        out.text(parts.frame());
        out.text(parts.taskName());
        out.signed(total);
        out.number(firstMs);
        out.number(lastMs);
        workers.encode(out);
        queues.encode(out);
        agentVersions.encode(out);
        samples.encode(out);
        return out.take();
    }

    void add(Failure failure, int by) {
        total += by;
        workers.add(failure.worker(), by);
        queues.add(failure.queue(), by);
        agentVersions.add(failure.agentVersion(), by);
        if (by > 0) {
            firstMs = Math.min(firstMs, failure.atMs());
            lastMs = Math.max(lastMs, failure.atMs());
            samples.add(failure.task(), failure.atMs());
        }
    }

    /** Number that identifies the group; 0 for the failures beyond the limit of groups. */
    public long fingerprint() {
        return fingerprint;
    }

    /** Type, masked message, own frame and task name. */
    public Fingerprint parts() {
        return parts;
    }

    /** Number of failures. */
    public long total() {
        return Math.max(0, total);
    }

    /** Time of the first failure. */
    public long firstMs() {
        return firstMs;
    }

    /** Time of the last failure. */
    public long lastMs() {
        return lastMs;
    }

    /** Numbers of failures by engine worker. The name is empty if unknown, or {@link RollUps#OVERFLOW} for the rest. */
    public Map<String, Long> workers() {
        return workers.view();
    }

    /** Numbers of failures by queue, like {@link #workers}. */
    public Map<String, Long> queues() {
        return queues.view();
    }

    /** Numbers of failures by the version of the agent, like {@link #workers}. */
    public Map<String, Long> agentVersions() {
        return agentVersions.view();
    }

    /** Keys of sample tasks: the first that failed, then the latest two. */
    public List<String> samples() {
        return samples.tasks();
    }

    int bytes() {
        return HEAP + workers.bytes() + queues.bytes() + agentVersions.bytes();
    }
}
