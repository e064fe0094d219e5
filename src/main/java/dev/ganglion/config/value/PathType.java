package dev.ganglion.config.value;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Parses the path of a file. Relative paths are resolved against the working directory. */
public record PathType(String range) implements ValueType<Path> {
    @Override
    public Path parse(String text) throws InvalidValueException {
        if (text.isBlank()) {
            throw new InvalidValueException("is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidValueException("is not a path");
        }
    }

    @Override
    public String format(Path value) {
        return value.toString();
    }
}
