package dev.ganglion.config.value;

/** Parses {@code true} or {@code false}. */
public record SwitchType() implements ValueType<Boolean> {
    @Override
    public Boolean parse(String text) throws BadValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("is neither true nor false");
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
