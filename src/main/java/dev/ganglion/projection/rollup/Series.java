package dev.ganglion.projection.rollup;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A series of totals and its blocks in memory. Not thread-safe. */
final class Series<C extends Cells> {
    private final SeriesName name;
    private final String field;
    private final Function<RollUpLevel, C> newCells;
    private final Map<RollUpLevel, Map<Long, OpenBlock<C>>> blocks = new EnumMap<>(RollUpLevel.class);
    /** The block of each level that was used last. */
    private final Map<RollUpLevel, OpenBlock<C>> latest = new EnumMap<>(RollUpLevel.class);

    Series(SeriesName name, Function<RollUpLevel, C> newCells) {
        this.name = name;
        this.field = name.field();
        this.newCells = newCells;
        for (RollUpLevel level : RollUpLevel.values()) {
            blocks.put(level, new HashMap<>());
        }
    }

    private Map<Long, OpenBlock<C>> blocks(RollUpLevel level) {
        return Objects.requireNonNull(blocks.get(level));
    }

    SeriesName name() {
        return name;
    }

    String field() {
        return field;
    }

    boolean isOpen() {
        return blocks.values().stream().anyMatch(open -> !open.isEmpty());
    }

    /** The block if it is in memory. */
    @Nullable
    OpenBlock<C> find(RollUpLevel level, long block) {
        OpenBlock<C> last = latest.get(level);
        if (last != null && last.block == block) {
            return last;
        }
        OpenBlock<C> found = blocks(level).get(block);
        if (found != null) {
            latest.put(level, found);
        }
        return found;
    }

    OpenBlock<C> add(RollUpLevel level, long block) {
        OpenBlock<C> added = new OpenBlock<>(this, level, block, newCells.apply(level));
        blocks(level).put(block, added);
        latest.put(level, added);
        return added;
    }

    void remove(OpenBlock<?> block) {
        blocks(block.level).remove(block.block);
        if (latest.get(block.level) == block) {
            latest.remove(block.level);
        }
    }
}
