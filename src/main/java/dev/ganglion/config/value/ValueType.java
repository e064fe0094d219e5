package dev.ganglion.config.value;

/** Parses the text of a key into a value, and formats the value for display. */
public interface ValueType<T> {
    /** Parses and validates a text. */
    T parse(String text) throws InvalidValueException;

    /** Formats the value as a user would write it; secrets are masked. */
    String format(T value);

    /** Describes the allowed values for people. */
    String range();

    /** Formats a valid or invalid text for use in a message. The text is masked if it may contain a secret. */
    default String quote(String text) {
        return text.isBlank() ? "'" + text + "'" : text;
    }

    /** Returns whether the whole value is a secret, which may also be read from a file of its own. */
    default boolean secret() {
        return false;
    }
}
