package dev.ganglion.config.value;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Parses several values of one type. The values are separated by line ends if the text contains any, otherwise by
 * commas.
 */
public record ListType<T>(ValueType<T> element, int max) implements ValueType<List<T>> {
    @Override
    public List<T> parse(String text) throws InvalidValueException {
        List<T> values = new ArrayList<>();
        boolean lines = text.indexOf('\n') >= 0;
        for (String part : text.split(lines ? "\r?\n" : ",", -1)) {
            if (!part.isBlank()) {
                values.add(element.parse(lines ? part : part.strip()));
            }
        }
        if (values.size() > max) {
            throw new InvalidValueException("has %d entries".formatted(values.size()));
        }
        return List.copyOf(values);
    }

    @Override
    public String format(List<T> values) {
        return values.stream().map(element::format).collect(Collectors.joining(", "));
    }

    @Override
    public String range() {
        return "up to " + max + ": " + element.range();
    }

    @Override
    public String quote(String text) {
        return element.quote(text);
    }

    @Override
    public boolean secret() {
        return element.secret();
    }
}
