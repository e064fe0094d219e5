package dev.ganglion.config.value;

import java.io.Serial;

/**
 * Signals a text that is not a valid value of its type. The message gives the reason as the end of a sentence that
 * starts with the value: "has no unit".
 */
public final class InvalidValueException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    InvalidValueException(String reason) {
        super(reason);
    }

    /** Returns the reason why the text is invalid. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
