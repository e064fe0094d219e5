package dev.ganglion.config.value;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parses one constant of an enumeration, written in lower case. */
public record ChoiceType<E extends Enum<E>>(List<E> constants) implements ValueType<E> {
    public static <E extends Enum<E>> ChoiceType<E> of(Class<E> type) {
        return new ChoiceType<>(Arrays.asList(type.getEnumConstants()));
    }

    @Override
    public E parse(String text) throws InvalidValueException {
        return constants.stream()
                .filter(constant -> format(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("is not one of the allowed values"));
    }

    @Override
    public String format(E value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String range() {
        return constants.stream().map(this::format).collect(Collectors.joining(", "));
    }
}
