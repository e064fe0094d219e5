package dev.ganglion.config.value;

import java.util.Optional;
import java.util.regex.Pattern;

/** Parses a secret between two lengths in bytes of UTF-8, optionally with a required format. */
public record SecretType(int min, int max, Optional<Shape> shape) implements ValueType<Secret> {
    public static SecretType of(int min, int max) {
        return new SecretType(min, max, Optional.empty());
    }

    @Override
    public Secret parse(String text) throws InvalidValueException {
        Secret secret = Secret.of(text);
        int length = secret.utf8().length;
        if (length < min) {
            throw new InvalidValueException("is too short, %d bytes".formatted(length));
        }
        if (length > max) {
            throw new InvalidValueException("is too long, %d bytes".formatted(length));
        }
        if (shape.isPresent() && !shape.get().pattern().matcher(text).matches()) {
            throw new InvalidValueException("has the wrong format");
        }
        return secret;
    }

    @Override
    public String format(Secret value) {
        return Secret.REDACTED;
    }

    @Override
    public String range() {
        return "%d..%d bytes".formatted(min, max)
                + shape.map(s -> ", " + s.words()).orElse("");
    }

    @Override
    public String quote(String text) {
        return Secret.REDACTED;
    }

    @Override
    public boolean secret() {
        return true;
    }

    /**
     * Describes the required format of a secret.
     *
     * @param pattern pattern that the whole secret must match
     * @param words description of the format for people
     */
    public record Shape(Pattern pattern, String words) {}
}
