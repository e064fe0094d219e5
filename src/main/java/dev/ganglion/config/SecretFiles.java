package dev.ganglion.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names the files of the passwords for Redis. The brain reads them again for each new connection, so that a password
 * can be changed while the brain runs.
 *
 * @param password file in {@code redis.password-file}
 * @param sentinelPassword file in {@code redis.sentinel-password-file}
 */
public record SecretFiles(Optional<Path> password, Optional<Path> sentinelPassword) {
    /** No password is in a file. */
    public static final SecretFiles NONE = new SecretFiles(Optional.empty(), Optional.empty());

    private static final int MAX_BYTES = 64 << 10;

    /** Returns whether any password is in a file. */
    public boolean any() {
        return password.isPresent() || sentinelPassword.isPresent();
    }

    /**
     * Reads a secret, without the last line end of the file. Blocks.
     *
     * @throws IOException if the file cannot be read or is larger than 64KiB; the message does not repeat its content
     */
    public static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("is larger than 64KiB");
        }
        return Files.readString(file).replaceFirst("\\r?\\n\\z", "");
    }
}
