package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;

/**
 * Reads stored roll-ups. The caller reads all values of the blocks that {@link RollUpLevel#blocks} names for its range,
 * and passes each of them on; a visitor adds up what it needs. A block may hold cells outside the range.
 *
 * <p>A value may lack what the last step added; it is never partly written.
 */
public final class RollUpReader {
    private RollUpReader() {}

    /** Receives the totals of cells, oldest first within a value. Times are in milliseconds since 1970. */
    public interface Visitor {
        /**
         * Totals of the tasks of one name in one queue.
         *
         * @param name empty if unknown; {@link RollUps#OVERFLOW} for all series beyond the limit
         * @param queue empty if unknown
         * @param atMs beginning of the cell
         */
        default void tasks(String name, String queue, long atMs, TaskCounts counts) {}

        /** Facts of a queue; empty texts and {@link RollUps#OVERFLOW} as for tasks. */
        default void queue(String engine, String queue, long atMs, QueueFacts facts) {}

        /**
         * Numbers of engine workers.
         *
         * @param busy number of workers that tasks name
         * @param online highest number of workers that were online; -1 if unknown
         */
        default void workers(long atMs, int busy, int online) {}

        /**
         * Number of failures of a group.
         *
         * @param fingerprint 16 hexadecimal digits, or {@link RollUps#OVERFLOW}
         */
        default void failures(String fingerprint, long atMs, long failures) {}
    }

    /** Totals of tasks in one cell, valid during the visit. */
    public interface TaskCounts {
        /** Number of transitions of a kind. */
        long count(TransitionKind kind);

        /** Sum of the runtimes of ended runs, in milliseconds. */
        long runtimeSum();

        /** Adds the runtimes of ended runs to a histogram. */
        void addRuntimesTo(DurationHistogram sum);
    }

    /** Facts of a queue in one cell, valid during the visit. */
    public interface QueueFacts {
        /** The last reported depth; -1 if none was reported. */
        long lastDepth();

        /** The highest reported depth; -1 if none was reported. */
        long highestDepth();

        /** Number of tasks that entered the queue. */
        long entered();

        /** Number of tasks that left the queue. */
        long left();

        /** Adds the waits of tasks that left the queue to a histogram. */
        void addWaitsTo(DurationHistogram sum);
    }

    /** Reads a value; one of a block that is no roll-up is ignored. */
    public static void read(BlockField name, byte[] value, Visitor visitor) {
        RollUpLevel level = RollUpLevel.of(name.block());
        SeriesName series = SeriesName.parse(name.field());
        if (level == null || series == null) {
            return;
        }
        long beginMs = level.beginMs(level.blockOf(name.block()));
        switch (series.type()) {
            case TASKS -> tasks(TaskCells.of(level, value), series, beginMs, level, visitor);
            case QUEUE -> queue(QueueCells.of(level, value), series, beginMs, level, visitor);
            case WORKERS -> workers(WorkerCells.of(level, value), beginMs, level, visitor);
            case FAILURES -> failures(TaskCells.of(level, value), series, beginMs, level, visitor);
        }
    }

    private static void tasks(TaskCells cells, SeriesName series, long beginMs, RollUpLevel level, Visitor visitor) {
        for (int i = 0; i < level.cells(); i++) {
            if (!cells.isEmpty(i)) {
                visitor.tasks(series.first(), series.second(), beginMs + i * level.cellMs(), counts(cells, i));
            }
        }
    }

    private static TaskCounts counts(TaskCells cells, int cell) {
        return new TaskCounts() {
            @Override
            public long count(TransitionKind kind) {
                return Math.max(0, cells.count(cell, kind));
            }

            @Override
            public long runtimeSum() {
                return Math.max(0, cells.runtimeSum(cell));
            }

            @Override
            public void addRuntimesTo(DurationHistogram sum) {
                DurationHistogram runtimes = cells.runtimes(cell);
                if (runtimes != null) {
                    sum.add(runtimes);
                }
            }
        };
    }

    private static void queue(QueueCells cells, SeriesName series, long beginMs, RollUpLevel level, Visitor visitor) {
        for (int i = 0; i < level.cells(); i++) {
            if (!cells.isEmpty(i)) {
                visitor.queue(series.first(), series.second(), beginMs + i * level.cellMs(), facts(cells, i));
            }
        }
    }

    private static QueueFacts facts(QueueCells cells, int cell) {
        return new QueueFacts() {
            @Override
            public long lastDepth() {
                return cells.lastDepth(cell);
            }

            @Override
            public long highestDepth() {
                return cells.highestDepth(cell);
            }

            @Override
            public long entered() {
                return Math.max(0, cells.entered(cell));
            }

            @Override
            public long left() {
                return Math.max(0, cells.left(cell));
            }

            @Override
            public void addWaitsTo(DurationHistogram sum) {
                DurationHistogram waits = cells.waits(cell);
                if (waits != null) {
                    sum.add(waits);
                }
            }
        };
    }

    private static void workers(WorkerCells cells, long beginMs, RollUpLevel level, Visitor visitor) {
        for (int i = 0; i < level.cells(); i++) {
            int busy = cells.count(i);
            if (busy > 0 || cells.online(i) >= 0) {
                visitor.workers(beginMs + i * level.cellMs(), busy, cells.online(i));
            }
        }
    }

    private static void failures(TaskCells cells, SeriesName series, long beginMs, RollUpLevel level, Visitor visitor) {
        for (int i = 0; i < level.cells(); i++) {
            int failures = cells.count(i, TransitionKind.FAILED);
            if (failures > 0) {
                visitor.failures(series.first(), beginMs + i * level.cellMs(), failures);
            }
        }
    }
}
