package dev.ganglion.dev.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.value.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a Redis server, from its start to its end. A shell ({@code watch.sh}) between this process and Redis reads
 * a pipe from this process. The pipe closes however this process ends, and then the shell ends Redis.
 */
final class RedisRun {
    /** Allows for loading a large append-only file. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** Longer than the 10 s that Redis itself waits for lagging replicas before it ends. */
    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private static final long POLL_MILLIS = 5;

    private final Process shell;
    private final ProcessHandle redis;
    private final RedisLog log;

    private RedisRun(Process shell, ProcessHandle redis, RedisLog log) {
        this.shell = shell;
        this.redis = redis;
        this.log = log;
    }

    /** Starts a server with these configuration lines. The server may not serve yet when this method returns. */
    static RedisRun launch(Path binary, RedisDirectory directory, List<String> configuration) {
        try {
            RedisLog log = RedisLog.from(directory.log());
            ProcessBuilder builder = new ProcessBuilder(command(binary, directory.path()));
            builder.environment().keySet().retainAll(Set.of("PATH"));
            builder.redirectError(
                    ProcessBuilder.Redirect.appendTo(directory.log().toFile()));
            Process shell = builder.start();
            shell.getOutputStream().write((String.join("\n", configuration) + "\n.\n").getBytes(UTF_8));
            shell.getOutputStream().flush();
            @Nullable String pid = new BufferedReader(new InputStreamReader(shell.getInputStream(), UTF_8)).readLine();
            if (pid == null) {
                throw new RedisProcessException("cannot start Redis: " + log.lastLines());
            }
            ProcessHandle redis = ProcessHandle.of(Long.parseLong(pid))
                    .orElseThrow(() -> new RedisProcessException("Redis ended during its start: " + log.lastLines()));
            return new RedisRun(shell, redis, log);
        } catch (IOException e) {
            throw new RedisProcessException("cannot start Redis: " + e, e);
        }
    }

    private static List<String> command(Path binary, Path directory) throws IOException {
        List<String> command = new ArrayList<>(TerminalSession.prefix());
        String code = ShellScript.code("/redis/watch.sh");
        command.addAll(List.of("sh", "-c", code, "ganglion-redis", binary.toString(), directory.toString()));
        return command;
    }

    /** Waits until the server serves. */
    void awaitReady(int port, Secret password) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!RedisPing.answers(port, password)) {
            if (endsWithin(POLL_MILLIS)) {
                throw new RedisProcessException(
                        "Redis ended with status " + shell.exitValue() + ": " + log.lastLines());
            }
            if (System.nanoTime() > deadline) {
                throw new RedisProcessException(
                        "Redis does not answer after " + START_LIMIT.toSeconds() + " s: " + log.lastLines());
            }
        }
    }

    long pid() {
        return redis.pid();
    }

    /** Completes when the server has ended. */
    CompletableFuture<ProcessHandle> ended() {
        return redis.onExit();
    }

    boolean alive() {
        return redis.isAlive();
    }

    /** Shuts Redis down cleanly, so that it writes everything to disk. Also works if Redis or the shell is frozen. */
    void end() {
        if (alive()) {
            wake();
            boolean asked = redis.destroy();
            if (asked && isGone()) {
                return;
            }
        }
        kill();
    }

    /** Kills Redis, as a crash would. The shell ends after it. */
    void kill() {
        boolean unused = redis.destroyForcibly();
        if (!isGone()) {
            throw new RedisProcessException("the Redis process " + pid() + " does not end");
        }
    }

    /**
     * Returns whether both processes have ended within the limit. The end of the shell alone does not prove the end of
     * Redis, because the shell may have been killed.
     */
    private boolean isGone() {
        return endsWithin(END_LIMIT.toMillis()) && (!redis.isAlive() || RedisDirectory.endsInTime(redis));
    }

    private boolean endsWithin(long millis) {
        try {
            return shell.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisProcessException("interrupted while waiting for Redis", e);
        }
    }

    /** Resumes the shell and its descendants, including the server, if they are frozen. */
    private void wake() {
        boolean unused = signalled("CONT", Stream.concat(Stream.of(shell.toHandle()), shell.descendants()));
    }

    /** Sends a signal that Java's process API does not offer. */
    void signal(String name) {
        if (!signalled(name, Stream.of(redis))) {
            throw new RedisProcessException("cannot send " + name + " to the Redis process " + pid());
        }
    }

    /** Returns whether the signal reached all processes. */
    private static boolean signalled(String name, Stream<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -\"$0\" \"$@\"", name));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            throw new RedisProcessException("cannot send " + name + " to Redis: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisProcessException("interrupted while signalling Redis", e);
        }
    }
}
