package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Bounds the series of one type. The first series to come get a place each. When all places are taken, a new series
 * replaces the one that was not used for the longest time, if that is at least a day; otherwise it shares the overflow
 * series. The directory is stored, a value for each place, so every node decides in the same way. Not thread-safe.
 */
final class SeriesDirectory<C extends Cells> {
    /** Name of the stored block that holds the directories. */
    static final String BLOCK = "series";

    private static final int VERSION = 1;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
    /** Days in which a series was used are numbered; two numbers further, at least one day has passed. */
    private static final int IDLE_DAYS = 2;

    private static final class Place<C extends Cells> {
        private final int number;
        private final Series<C> series;
        private long day;

        Place(int number, Series<C> series, long day) {
            this.number = number;
            this.series = series;
            this.day = day;
        }
    }

    private final SeriesName.Type type;
    private final int most;
    private final BlockCache cache;
    private final Function<RollUpLevel, C> newCells;
    private final Series<C> overflow;
    private final Map<SeriesName, Place<C>> places = new HashMap<>();
    private final Map<Integer, Place<C>> changed = new TreeMap<>();
    private final ValueWriter writer = new ValueWriter();
    private boolean loaded;
    /** Last day on which no place was free. */
    private long fullDay = Long.MIN_VALUE;

    SeriesDirectory(SeriesName.Type type, int most, BlockCache cache, Function<RollUpLevel, C> newCells) {
        this.type = type;
        this.most = most;
        this.cache = cache;
        this.newCells = newCells;
        this.overflow = cache.series(SeriesName.overflow(type), newCells);
    }

    /** The series of a name, or the overflow series. */
    Series<C> find(SeriesName name, long receivedMs) {
        if (!loaded) {
            throw new IllegalStateException("the directory of series is not loaded");
        }
        if (name.equals(overflow.name())) {
            return overflow;
        }
        long day = receivedMs / DAY_MS;
        Place<C> place = places.get(name);
        if (place == null) {
            int free = freePlace(day);
            if (free < 0) {
                return overflow;
            }
            place = new Place<>(free, cache.series(name, newCells), day);
            places.put(name, place);
            changed.put(free, place);
        } else if (day > place.day) {
            place.day = day;
            changed.put(place.number, place);
        }
        return place.series;
    }

    /** The next free place, or the one of a series that is not used any more; -1 if there is neither. */
    private int freePlace(long day) {
        if (places.size() < most) {
            return places.size();
        } else if (day <= fullDay) {
            return -1;
        }
        Place<C> oldest = null;
        for (Place<C> place : places.values()) {
            if (oldest == null || place.day < oldest.day || (place.day == oldest.day && place.number < oldest.number)) {
                oldest = place;
            }
        }
        if (oldest == null || oldest.day > day - IDLE_DAYS) {
            fullDay = day;
            return -1;
        }
        places.remove(oldest.series.name());
        return oldest.number;
    }

    void missing(Consumer<BlockField> missing) {
        if (!loaded) {
            for (int place = 0; place < most; place++) {
                missing.accept(field(place));
            }
        }
    }

    private BlockField field(int place) {
        return new BlockField(BLOCK, type.letter() + Integer.toString(place));
    }

    void load(Map<BlockField, byte[]> stored) {
        for (int number = 0; number < most && !loaded; number++) {
            byte[] value = stored.get(field(number));
            if (value != null) {
                ValueReader in = new ValueReader(value, VERSION);
                long day = in.number();
                SeriesName name = new SeriesName(type, in.text(), in.text());
                places.put(name, new Place<>(number, cache.series(name, newCells), day));
            }
        }
        loaded = true;
    }

    void write(ProjectionChanges changes) {
        changed.forEach((number, place) -> {
            writer.bits(VERSION);
            writer.number(place.day);
            writer.text(place.series.name().first());
            writer.text(place.series.name().second());
            changes.put(field(number), new ProjectionChanges.Block(writer.take(), 0));
        });
        changed.clear();
    }
}
