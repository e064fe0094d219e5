package dev.ganglion.projection.projector;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.FailureFingerprint;
import dev.ganglion.projection.ProjectionAggregate;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.projector.ShardReader.ShardPlace;
import dev.ganglion.projection.projector.TaskMemory.TaskCache;
import dev.ganglion.projection.run.TextPool;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Everything that a projector keeps in memory while it holds a lease: a reader of each shard, tasks, and aggregates. It
 * is dropped with the lease, because it may differ from the store once the outcome of a step is unknown. Used on one
 * context.
 */
final class LeaseState {
    private final List<ShardReader> readers = new ArrayList<>();
    private final TaskCache cache;
    private final NamedSubjects queues = new NamedSubjects();
    private final NamedSubjects workers = new NamedSubjects();
    private final List<ProjectionAggregate> aggregates = new ArrayList<>();
    private final FailureFingerprint fingerprint;
    private final StepLimits limits;
    private final LostTaskWatch lostTasks;

    LeaseState(ProjectorParts parts, Lease lease, Executor home) {
        TextPool texts = new TextPool();
        lease.progress()
                .forEach((shard, progress) -> readers.add(new ShardReader(
                        parts.ports().streams(),
                        new ShardPlace(lease.place().projectId(), shard),
                        progress,
                        texts,
                        parts.clocks().ticker())));
        this.cache = parts.memory().open();
        parts.ports().aggregates().forEach(factory -> aggregates.add(factory.create(lease.place())));
        this.fingerprint = parts.ports().fingerprint();
        this.limits = parts.limits();
        this.lostTasks = new LostTaskWatch(
                lease.place(), parts.ports().lostTasks(), parts.clocks().ticker(), home);
    }

    /** Loads what the aggregates need from the beginning. */
    Future<Void> loadAggregates(ProjectionEngine engine, Lease lease) {
        Set<BlockField> wanted = wanted();
        return wanted.isEmpty()
                ? Future.succeededFuture()
                : engine.loadBlocks(lease, wanted).map(stored -> {
                    aggregates.forEach(aggregate -> aggregate.load(stored));
                    return null;
                });
    }

    /** The stored values that the aggregates need now. */
    Set<BlockField> wanted() {
        Set<BlockField> wanted = new LinkedHashSet<>();
        aggregates.forEach(aggregate -> wanted.addAll(aggregate.wanted()));
        return wanted;
    }

    /** Reads the next slice of each shard that has no batches at hand. */
    Future<Void> fetch() {
        return Future.join(readers.stream().map(ShardReader::fetch).toList()).mapEmpty();
    }

    /** Begins to read the slices behind those at hand. */
    void prefetch() {
        readers.forEach(ShardReader::prefetch);
    }

    /** Notes that events may have been stored in a shard, or in any shard if it is negative. */
    void notified(int shard) {
        readers.stream().filter(reader -> shard < 0 || reader.shard() == shard).forEach(ShardReader::notified);
    }

    /** Returns a step that begins with another shard than the step before. */
    ProjectionStep nextStep() {
        Collections.rotate(readers, -1);
        return new ProjectionStep(this, readers);
    }

    /** Returns a step without events, for what else changes. */
    ProjectionStep emptyStep() {
        return new ProjectionStep(this, List.of());
    }

    /** Age of the oldest batch that is not projected, in milliseconds. */
    long behindMs() {
        return readers.stream().mapToLong(ShardReader::behindMs).max().orElse(0);
    }

    /** Number of batches that are not projected; an estimate while many wait. */
    long waiting() {
        return readers.stream().mapToLong(ShardReader::waiting).sum();
    }

    TaskCache cache() {
        return cache;
    }

    NamedSubjects queues() {
        return queues;
    }

    NamedSubjects workers() {
        return workers;
    }

    List<ProjectionAggregate> aggregates() {
        return aggregates;
    }

    FailureFingerprint fingerprint() {
        return fingerprint;
    }

    LostTaskWatch lostTasks() {
        return lostTasks;
    }

    StepLimits limits() {
        return limits;
    }

    void close() {
        cache.close();
    }
}
