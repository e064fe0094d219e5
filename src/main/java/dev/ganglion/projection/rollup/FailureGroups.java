package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.failure.Fingerprint;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups a project's failures by fingerprint. The first groups to come get a place each. When all places are taken, a
 * new group replaces the one that was seen last the longest time ago, if that is at least a day; otherwise its failures
 * count for the overflow group. Steps use it as they use {@link RollUps}, which count the failures over time. Not
 * thread-safe.
 */
public final class FailureGroups {
    /** Name of the stored block that holds the groups. */
    public static final String BLOCK = "failures";
    /** Largest number of groups, without the overflow. */
    public static final int MAX_GROUPS = 1_000;

    private static final long IDLE_MS = TimeUnit.DAYS.toMillis(1);
    private static final Fingerprint OVERFLOW_PARTS = new Fingerprint(RollUps.OVERFLOW, "", "", "");

    private final BlockCache cache;
    private final int most;
    private final FailureGroup[] places;
    private final Map<Long, Integer> placeOf = new HashMap<>();
    private final Set<Integer> changed = new TreeSet<>();
    private final ValueWriter writer = new ValueWriter();
    private boolean loaded;
    /** Until this time, no place is free. */
    private long fullUntilMs;

    /**
     * Creates groups whose stored values are not loaded.
     *
     * @param rollUps the roll-ups of the same project
     */
    public FailureGroups(RollUps rollUps) {
        this(rollUps, MAX_GROUPS);
    }

    FailureGroups(RollUps rollUps, int most) {
        this.cache = rollUps.cache();
        this.most = most;
        this.places = new FailureGroup[most + 1]; // the last place is that of the overflow
        this.places[most] = new FailureGroup(0, OVERFLOW_PARTS);
    }

    /**
     * Counts a failure.
     *
     * @param by 1, or -1 to correct a failure that was counted before
     * @param parts parts of the fingerprint, if the group is new
     */
    public void add(Failure failure, int by, Supplier<Fingerprint> parts) {
        if (!loaded) {
            throw new IllegalStateException("the failure groups are not loaded");
        }
        int place = place(failure, by, parts);
        places[place].add(failure, by);
        changed.add(place);
        SeriesName series = place == most
                ? SeriesName.overflow(SeriesName.Type.FAILURES)
                : SeriesName.of(SeriesName.Type.FAILURES, Fingerprint.text(failure.fingerprint()), null);
        new TaskTotals(cache, cache.series(series, TaskCells::new))
                .count(TransitionKind.FAILED, failure.atMs(), failure.receivedMs(), by);
    }

    private int place(Failure failure, int by, Supplier<Fingerprint> parts) {
        Integer known = placeOf.get(failure.fingerprint());
        if (known != null) {
            return known;
        }
        int free = by < 0 ? most : freePlace(failure.receivedMs());
        if (free < most) {
            places[free] = new FailureGroup(failure.fingerprint(), parts.get());
            placeOf.put(failure.fingerprint(), free);
        }
        return free;
    }

    /** The next free place, or the one of a group that is not seen any more; that of the overflow if there is neither. */
    private int freePlace(long nowMs) {
        if (placeOf.size() < most) {
            return placeOf.size();
        } else if (nowMs < fullUntilMs) {
            return most;
        }
        int oldest = 0;
        for (int place = 1; place < most; place++) {
            oldest = places[place].lastMs() < places[oldest].lastMs() ? place : oldest;
        }
        fullUntilMs = places[oldest].lastMs() + IDLE_MS;
        if (nowMs < fullUntilMs) {
            return most;
        }
        placeOf.remove(places[oldest].fingerprint());
        return oldest;
    }

    /** The group of a fingerprint; null if there is none. */
    public @Nullable FailureGroup find(long fingerprint) {
        Integer place = placeOf.get(fingerprint);
        return place == null ? null : places[place];
    }

    /** The stored values that are missing in memory, apart from those of the roll-ups. */
    public Set<BlockField> missing() {
        Set<BlockField> missing = new LinkedHashSet<>();
        for (int place = 0; place <= most && !loaded; place++) {
            missing.add(field(place));
        }
        return missing;
    }

    private BlockField field(int place) {
        return new BlockField(BLOCK, place == most ? RollUps.OVERFLOW : Integer.toString(place));
    }

    /** Takes the stored values that {@link #missing} named; a value that is not in the map is not stored. */
    public void load(Map<BlockField, byte[]> stored) {
        for (int place = 0; place <= most && !loaded; place++) {
            byte[] value = stored.get(field(place));
            if (value != null) {
                FailureGroup group = FailureGroup.decode(value);
                places[place] = group;
                if (place < most) {
                    placeOf.put(group.fingerprint(), place);
                }
            }
        }
        loaded = true;
    }

    /** Puts the changed groups into the changes of a step. */
    public void write(ProjectionChanges changes) {
        for (int place : changed) {
            changes.put(field(place), new ProjectionChanges.Block(places[place].encode(writer), 0));
        }
        changed.clear();
    }

    /** Estimates the heap that the groups occupy, in bytes. */
    public long bytes() {
        long bytes = 0;
        for (FailureGroup group : places) {
            bytes += group == null ? 0 : group.bytes();
        }
        return bytes;
    }
}
