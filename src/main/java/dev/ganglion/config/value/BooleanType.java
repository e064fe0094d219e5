package dev.ganglion.config.value;

/** Parses {@code true} or {@code false}. */
public record BooleanType() implements ValueType<Boolean> {
    @Override
    public Boolean parse(String text) throws InvalidValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("is neither true nor false");
        };
    }

    @Override
    public String format(Boolean value) {
        return value.toString();
    }

    @Override
    public String range() {
        return "true, false";
    }
}
