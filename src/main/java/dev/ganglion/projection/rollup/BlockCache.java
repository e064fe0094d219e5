package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the blocks that the steps of a projection change, as long as they are used. A block that is not in memory takes
 * additions at once; its stored value is loaded and added before it is written. Not thread-safe.
 */
final class BlockCache {
    /** A block that no event touched for so long leaves the memory. Time of the stream, in milliseconds. */
    static final long IDLE_MS = 5 * 60_000;

    private static final long SWEEP_MS = 60_000;

    private final long maxBytes;
    private final Map<SeriesName, Series<?>> open = new HashMap<>();
    private final List<OpenBlock<?>> unloaded = new ArrayList<>();
    private final List<OpenBlock<?>> changed = new ArrayList<>();
    private List<OpenBlock<?>> blocks = new ArrayList<>();
    private final ValueWriter writer = new ValueWriter();
    private long nowMs;
    private long sweptMs;
    private long bytes;

    /**
     * Creates an empty cache.
     *
     * @param maxBytes largest size between two steps. A step may need more
     */
    BlockCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The series of a name, which is the one whose blocks are in memory, if there is one. */
    @SuppressWarnings("unchecked") // a name determines the type of its cells
    <C extends Cells> Series<C> series(SeriesName name, Function<RollUpLevel, C> newCells) {
        Series<?> known = open.get(name);
        return known == null ? new Series<>(name, newCells) : (Series<C>) known;
    }

    /**
     * The block of a time, to be changed; null if the level no longer keeps the time.
     *
     * @param receivedMs time when the event that is counted was stored
     */
    <C extends Cells> @Nullable OpenBlock<C> find(Series<C> series, RollUpLevel level, long atMs, long receivedMs) {
        nowMs = Math.max(nowMs, receivedMs);
        if (level.isExpired(atMs, receivedMs)) {
            return null;
        }
        OpenBlock<C> block = block(series, level, level.block(atMs));
        block.usedMs = nowMs;
        return block;
    }

    /** Notes that the totals of a block differ now. */
    void changed(OpenBlock<?> block) {
        if (!block.changed) {
            block.changed = true;
            changed.add(block);
        }
    }

    private <C extends Cells> OpenBlock<C> block(Series<C> series, RollUpLevel level, long number) {
        OpenBlock<C> found = series.find(level, number);
        if (found != null) {
            return found;
        }
        OpenBlock<C> added = series.add(level, number);
        open.put(series.name(), series);
        blocks.add(added);
        unloaded.add(added);
        return added;
    }

    /** The stored values that are missing in memory. */
    void missing(Consumer<BlockField> missing) {
        unloaded.forEach(block -> missing.accept(block.field()));
    }

    /** Adds the stored values of all blocks that {@link #missing} named; a value that is not in the map is not stored. */
    void load(Map<BlockField, byte[]> stored) {
        for (OpenBlock<?> block : unloaded) {
            byte[] value = stored.get(block.field());
            if (value != null) {
                block.cells.merge(value);
            }
            block.loaded = true;
        }
        unloaded.clear();
    }

    /** Writes the blocks that changed, and drops the ones that are no longer used. */
    void write(ProjectionChanges changes) {
        if (!unloaded.isEmpty()) {
            throw new IllegalStateException(unloaded.size() + " blocks are not loaded");
        }
        for (OpenBlock<?> block : changed) {
            byte[] value = block.cells.encode(writer);
            changes.put(block.field(), new ProjectionChanges.Block(value, block.level.expireAtMs(block.block)));
            block.changed = false;
            bytes -= block.bytes;
            block.bytes = block.measured();
            bytes += block.bytes;
        }
        changed.clear();
        if (nowMs - sweptMs >= SWEEP_MS) {
            sweptMs = nowMs;
            drop(blocks.stream().filter(block -> block.usedMs < nowMs - IDLE_MS).collect(Collectors.toSet()));
        }
        if (bytes > maxBytes) {
            drop(oldest());
        }
    }

    /** Enough of the blocks that were not used for the longest time. */
    private Set<OpenBlock<?>> oldest() {
        List<OpenBlock<?>> byUse = new ArrayList<>(blocks);
        byUse.sort(Comparator.comparingLong(block -> block.usedMs));
        long left = bytes;
        int count = 0;
        while (left > maxBytes - maxBytes / 4) {
            left -= byUse.get(count++).bytes;
        }
        return Set.copyOf(byUse.subList(0, count));
    }

    private void drop(Set<OpenBlock<?>> dropped) {
        for (OpenBlock<?> block : dropped) {
            bytes -= block.bytes;
            block.series.remove(block);
            if (!block.series.isOpen()) {
                open.remove(block.series.name());
            }
        }
        if (!dropped.isEmpty()) {
            blocks = blocks.stream()
                    .filter(block -> !dropped.contains(block))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    /** Estimates the heap of all blocks after the last step, in bytes. */
    long bytes() {
        return bytes;
    }
}
