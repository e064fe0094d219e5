package dev.ganglion.dev.redis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of one Redis, locked for one brain. The operating system releases the lock when the process ends,
 * so a killed brain leaves no lock. A killed brain may leave its Redis running; the next start ends that Redis first.
 */
final class RedisDirectory implements AutoCloseable {
    /**
     * Directories that this process has locked. The kernel drops all locks of a process on a file as soon as the
     * process closes any descriptor of the file. Therefore a second attempt in the same process must be rejected before
     * it opens the file.
     */
    private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

    private static final int END_LIMIT_SECONDS = 5;

    private final Path path;
    private final FileChannel lockFile;

    private RedisDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Creates the directory if it does not exist, and locks it. */
    static RedisDirectory lock(Path data) {
        try {
            Path path = created(data);
            if (!LOCKED_HERE.add(path)) {
                throw inUse(path, String.valueOf(ProcessHandle.current().pid()));
            }
            try {
                return new RedisDirectory(path, locked(path));
            } catch (IOException | RuntimeException e) {
                LOCKED_HERE.remove(path);
                throw e;
            }
        } catch (IOException e) {
            throw new RedisProcessException("cannot use the directory " + data + ": " + e, e);
        }
    }

    private static Path created(Path data) throws IOException {
        Files.createDirectories(
                data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return data.toRealPath();
    }

    private static FileChannel locked(Path path) throws IOException {
        Path file = path.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw inUse(path, Files.readString(file).strip());
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static RedisProcessException inUse(Path path, String owner) {
        return new RedisProcessException("the directory " + path + " is in use by process " + owner
                + ": stop that brain, or set GANGLION_HOME to another directory");
    }

    Path path() {
        return path;
    }

    Path pidFile() {
        return path.resolve("redis.pid");
    }

    Path log() {
        return path.resolve("redis.log");
    }

    /** Ends the Redis that a killed brain left running on this directory, if there is one. */
    void endOrphan() {
        orphan().ifPresent(RedisDirectory::end);
    }

    private Optional<ProcessHandle> orphan() {
        try {
            return Files.exists(pidFile())
                    ? ProcessHandle.of(
                                    Long.parseLong(Files.readString(pidFile()).strip()))
                            .filter(this::isOurs)
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Process ids are reused, so the process counts as ours only if it is a Redis server with this directory as an
     * argument.
     */
    private boolean isOurs(ProcessHandle process) {
        boolean redis = process.info()
                .command()
                .filter(command -> command.contains("redis-server"))
                .isPresent();
        return redis
                && process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(path.toString()))
                        .isPresent();
    }

    /** Asks a Redis to end, and kills it after 5 s. */
    private static void end(ProcessHandle process) {
        boolean asked = process.destroy();
        if (asked && endsInTime(process)) {
            return;
        }
        boolean killed = process.destroyForcibly();
        if (!endsInTime(process)) {
            throw new RedisProcessException(
                    "the Redis process " + process.pid() + (killed ? " does not end" : " cannot be killed"));
        }
    }

    static boolean endsInTime(ProcessHandle process) {
        try {
            return !process.onExit().get(END_LIMIT_SECONDS, TimeUnit.SECONDS).isAlive();
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new RedisProcessException("the Redis process " + process.pid() + " cannot be waited for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisProcessException("interrupted while a Redis process ended", e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new RedisProcessException("cannot unlock " + path, e);
        } finally {
            LOCKED_HERE.remove(path);
        }
    }
}
