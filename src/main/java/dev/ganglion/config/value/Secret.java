package dev.ganglion.config.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A text that must stay confidential. It prints as {@value #REDACTED} and compares in constant time. */
public final class Secret {
    /** The text that every secret prints as. */
    public static final String REDACTED = "[REDACTED]";

    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** Wraps a confidential text. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Returns the confidential text. Callers must not log it or put it into a message. */
    public String value() {
        return value;
    }

    /** Returns the confidential text as UTF-8, in a new array for each call. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(utf8(), secret.utf8());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8());
    }

    @Override
    public String toString() {
        return REDACTED;
    }
}
