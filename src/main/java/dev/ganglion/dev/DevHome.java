package dev.ganglion.dev;

import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.KeyDerivation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Stores the secrets and notes of {@code dev} in its home directory, readable only by the owner, so that later starts
 * reuse them.
 */
public final class DevHome {
    /** Name of the file that contains the admin key. */
    public static final String ADMIN_KEY = "admin-key";

    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final int MASTER_BYTES = 48;

    private final Path path;

    private DevHome(Path path) {
        this.path = path;
    }

    /**
     * Opens the directory that {@code GANGLION_HOME} names, or {@code ~/.ganglion}. Creates the directory if it does
     * not exist.
     */
    public static DevHome open(Map<String, String> environment) throws IOException {
        Path path = pathOf(environment);
        Files.createDirectories(path);
        if (posix(path)) {
            Files.setPosixFilePermissions(path, OWNER_DIRECTORY);
        }
        return new DevHome(path.toAbsolutePath());
    }

    /** Reads a file from a home directory without creating the directory. Returns empty if the file does not exist. */
    public static Optional<String> readWithoutCreating(Map<String, String> environment, String name)
            throws IOException {
        return new DevHome(pathOf(environment)).read(name);
    }

    private static Path pathOf(Map<String, String> environment) {
        String named = environment.get("GANGLION_HOME");
        return named == null || named.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".ganglion")
                : Path.of(named);
    }

    public Path path() {
        return path;
    }

    /** Returns the master secret of this home directory, and creates it at first use. */
    public Secret masterSecret() throws IOException {
        return secret("master-secret", () -> {
            byte[] random = new byte[MASTER_BYTES];
            new SecureRandom().nextBytes(random);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        });
    }

    /** Returns the admin key of this home directory, and creates it at first use. */
    public Secret adminKey() throws IOException {
        return secret(ADMIN_KEY, KeyDerivation::newApiKey);
    }

    /** Reads a file from the home directory. Returns empty if it does not exist. */
    Optional<String> read(String name) throws IOException {
        Path file = path.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Writes a file to the home directory atomically. */
    void write(String name, String text) throws IOException {
        Path file = path.resolve(name);
        Path part = path.resolve(name + ".part");
        Files.deleteIfExists(part);
        if (posix(path)) {
            Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER_FILE));
        }
        Files.writeString(part, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private Secret secret(String name, Supplier<String> generator) throws IOException {
        Optional<String> existing = read(name);
        if (existing.isPresent() && !existing.get().isBlank()) {
            return Secret.of(existing.get().strip());
        }
        String text = generator.get();
        write(name, text + "\n");
        return Secret.of(text);
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
