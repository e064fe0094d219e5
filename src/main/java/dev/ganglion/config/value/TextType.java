package dev.ganglion.config.value;

/** Parses a single word without white space. */
public record TextType(String range) implements ValueType<String> {
    @Override
    public String parse(String text) throws InvalidValueException {
        if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
            throw new InvalidValueException("is empty or contains white space");
        }
        return text;
    }

    @Override
    public String format(String value) {
        return value;
    }
}
