package dev.ganglion.config.value;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a number with a mandatory unit between two inclusive bounds: a duration or a size. */
public final class QuantityType<T> implements ValueType<T> {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");

    private static final List<Unit> TIME = List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("m", 60_000),
            new Unit("s", 1000),
            new Unit("ms", 1));

    private static final List<Unit> SPACE = List.of(
            new Unit("PiB", 1L << 50),
            new Unit("TiB", 1L << 40),
            new Unit("GiB", 1L << 30),
            new Unit("MiB", 1L << 20),
            new Unit("KiB", 1L << 10),
            new Unit("B", 1));

    private final List<Unit> units;
    private final LongFunction<T> wrap;
    private final ToLongFunction<T> unwrap;
    private final long min;
    private final long max;

    private QuantityType(List<Unit> units, LongFunction<T> wrap, ToLongFunction<T> unwrap, long min, long max) {
        this.units = units;
        this.wrap = wrap;
        this.unwrap = unwrap;
        this.min = min;
        this.max = max;
    }

    public static QuantityType<Duration> duration(Duration min, Duration max) {
        return new QuantityType<>(TIME, Duration::ofMillis, Duration::toMillis, min.toMillis(), max.toMillis());
    }

    public static QuantityType<Long> size(long min, long max) {
        return new QuantityType<>(SPACE, bytes -> bytes, bytes -> bytes, min, max);
    }

    /** Returns a type for sizes that fit into an {@code int}, such as numbers of bytes in memory. */
    public static QuantityType<Integer> smallSize(int min, int max) {
        return new QuantityType<>(SPACE, Math::toIntExact, Integer::longValue, min, max);
    }

    @Override
    public T parse(String text) throws InvalidValueException {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("is not a number with a unit (" + unitNames() + ")");
        }
        if (matcher.group(2).isEmpty()) {
            throw new InvalidValueException("has no unit (" + unitNames() + ")");
        }
        long number = Long.parseLong(matcher.group(1));
        long factor = unit(matcher.group(2)).factor();
        if (number > max / factor || number * factor < min) {
            throw new InvalidValueException("is out of range");
        }
        return wrap.apply(number * factor);
    }

    private Unit unit(String name) throws InvalidValueException {
        return units.stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("has an unknown unit (known: " + unitNames() + ")"));
    }

    @Override
    public String format(T value) {
        return format(unwrap.applyAsLong(value));
    }

    /** Formats the value in the largest unit that leaves no fraction. */
    private String format(long value) {
        return units.stream()
                .filter(unit -> value != 0 && value % unit.factor() == 0)
                .findFirst()
                .map(unit -> value / unit.factor() + unit.name())
                .orElse("0" + units.get(units.size() - 1).name());
    }

    @Override
    public String range() {
        return format(min) + ".." + format(max);
    }

    private String unitNames() {
        return String.join(" ", units.stream().map(Unit::name).toList());
    }

    private record Unit(String name, long factor) {}
}
