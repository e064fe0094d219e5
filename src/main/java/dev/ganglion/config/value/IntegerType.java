package dev.ganglion.config.value;

import java.util.regex.Pattern;

/** Parses a whole number between two inclusive bounds. */
public record IntegerType(int min, int max) implements ValueType<Integer> {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    @Override
    public Integer parse(String text) throws InvalidValueException {
        if (!NUMBER.matcher(text).matches()) {
            throw new InvalidValueException("is not a whole number");
        }
        long value = Long.parseLong(text);
        if (value < min || value > max) {
            throw new InvalidValueException("is out of range");
        }
        return (int) value;
    }

    @Override
    public String format(Integer value) {
        return value.toString();
    }

    @Override
    public String range() {
        return min + ".." + max;
    }
}
