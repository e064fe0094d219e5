package dev.ganglion.auth.people;

import dev.ganglion.config.value.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords on two threads of its own, because each hash takes memory and a core for a while and must
 * not block an event loop. Rejects work when too much is waiting. Thread-safe.
 */
public final class Passwords {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 64;
    private static final Duration BUSY = Duration.ofSeconds(5);

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Check check;
    private final Future<String> dummyHash;

    /** Compares a password with a hash. This is the expensive part of a login. */
    interface Check {
        boolean holds(Secret password, String hash);
    }

    /** Creates an instance with its own threads. */
    public Passwords(Vertx vertx) {
        this(vertx, Argon2::verify);
    }

    Passwords(Vertx vertx, Check check) {
        this.check = check;
        this.workers = vertx.createSharedWorkerExecutor("passwords", THREADS);
        this.dummyHash = workers.executeBlocking(() -> Argon2.hash(Secret.of("dummy password")), false);
    }

    /** Returns the hash to store. */
    public Future<String> hash(Secret password) {
        return submit(() -> Argon2.hash(password));
    }

    /**
     * Whether a password matches a hash. If the hash is null, the check takes the same time and returns false, so the
     * time of a login does not reveal whether the account exists.
     */
    public Future<Boolean> verify(Secret password, @Nullable String hash) {
        return hash == null
                ? dummyHash
                        .compose(dummy -> submit(() -> check.holds(password, dummy)))
                        .map(false)
                : submit(() -> check.holds(password, hash));
    }

    private <T> Future<T> submit(Callable<T> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new ThrottledException("too many concurrent logins; try again later", BUSY));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }

    /** Stops the threads. */
    public Future<Void> close() {
        return workers.close();
    }
}
