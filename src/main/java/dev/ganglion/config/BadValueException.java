package dev.ganglion.config;

import java.io.Serial;

/** A text that is no value of its type; the message says why, in words that follow the value: "has no unit". */
final class BadValueException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    BadValueException(String reason) {
        super(reason);
    }

    /** Why the text is refused. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
