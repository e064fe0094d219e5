package dev.ganglion.projection.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resolution of the roll-ups. Time is divided into cells of equal width. Consecutive cells form a block, which is
 * stored under one name and expires as a whole. All times are in milliseconds since 1970.
 */
public enum RollUpLevel {
    /** Cells of a minute in blocks of 10 minutes, kept for 48 hours. */
    MINUTE("m", Duration.ofMinutes(1), 10, Duration.ofDays(2)),
    /** Cells of 15 minutes in blocks of 3 hours, kept for 30 days. */
    QUARTER("q", Duration.ofMinutes(15), 12, Duration.ofDays(30));

    /** All levels, the finest one first. */
    static final List<RollUpLevel> ALL = List.of(values());

    private static final long FINE_RANGE_MS = Duration.ofHours(6).toMillis();

    private final String prefix;
    private final long cellMs;
    private final int cells;
    private final long keptMs;

    RollUpLevel(String prefix, Duration cell, int cells, Duration kept) {
        this.prefix = prefix + ":";
        this.cellMs = cell.toMillis();
        this.cells = cells;
        this.keptMs = kept.toMillis();
    }

    /** The level for a range: minutes for up to 6 hours if they are still kept, else 15 minutes. */
    public static RollUpLevel of(long sinceMs, long untilMs, long nowMs) {
        boolean fine = untilMs - sinceMs <= FINE_RANGE_MS && !MINUTE.isExpired(sinceMs, nowMs);
        return fine ? MINUTE : QUARTER;
    }

    /** Width of a cell, in milliseconds. */
    public long cellMs() {
        return cellMs;
    }

    /** Number of cells in a block. */
    public int cells() {
        return cells;
    }

    /** How long a cell is kept after its end, in milliseconds. A block is kept until its last cell expires. */
    public long keptMs() {
        return keptMs;
    }

    /** Names of the blocks that hold the cells of a range, oldest first. */
    public List<String> blocks(long sinceMs, long untilMs) {
        List<String> names = new ArrayList<>();
        for (long block = block(sinceMs); beginMs(block) < untilMs; block++) {
            names.add(name(block));
        }
        return names;
    }

    long block(long atMs) {
        return Math.floorDiv(atMs, cellMs * cells);
    }

    int cell(long atMs) {
        return (int) Math.floorMod(Math.floorDiv(atMs, cellMs), (long) cells);
    }

    /** Time since the beginning of the cell, in milliseconds. */
    int offset(long atMs) {
        return (int) Math.floorMod(atMs, cellMs);
    }

    long beginMs(long block) {
        return block * cellMs * cells;
    }

    /** Time when a block may be deleted. */
    long expireAtMs(long block) {
        return beginMs(block + 1) + keptMs;
    }

    /** Whether the cell of a time is no longer kept. */
    boolean isExpired(long atMs, long nowMs) {
        return atMs < nowMs - keptMs;
    }

    String name(long block) {
        return prefix + block;
    }

    /** The level of a block's name; null if the name is of another block. */
    static @Nullable RollUpLevel of(String block) {
        for (RollUpLevel level : ALL) {
            if (block.startsWith(level.prefix)) {
                return level;
            }
        }
        return null;
    }

    long blockOf(String name) {
        return Long.parseLong(name, prefix.length(), name.length(), 10);
    }
}
