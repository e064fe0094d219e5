package dev.ganglion.config;

/** How the text of a key becomes a value, and how the value is shown. */
interface ValueType<T> {
    /** Reads and checks a text. */
    T parse(String text) throws BadValueException;

    /** The value as a user would write it; a secret is masked. */
    String format(T value);

    /** The allowed values, for people. */
    String range();

    /** The text as it may stand in a message: masked where it may hold a secret, valid or not. */
    default String quote(String text) {
        return text.isBlank() ? "'" + text + "'" : text;
    }

    /** Whether the whole value is a secret, which may then also be read from a file of its own. */
    default boolean secret() {
        return false;
    }
}
