package dev.ganglion.auth;

import dev.ganglion.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords, apart from the event loops, on few threads: each hash takes memory and a core for a while. What
 * would have to wait too long is refused. Thread-safe.
 */
public final class Passwords {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 64;
    private static final Duration BUSY = Duration.ofSeconds(5);

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Check check;
    private final Future<String> nobody;

    /** Whether a password is the one of a stored hash: the work that a login costs. */
    interface Check {
        boolean holds(Secret password, String hash);
    }

    /** With threads of their own. */
    public Passwords(Vertx vertx) {
        this(vertx, Argon2::verify);
    }

    Passwords(Vertx vertx, Check check) {
        this.check = check;
        this.workers = vertx.createSharedWorkerExecutor("passwords", THREADS);
        this.nobody = workers.executeBlocking(() -> Argon2.hash(Secret.of("the password of nobody")), false);
    }

    /** The hash to be stored. */
    public Future<String> hash(Secret password) {
        return apart(() -> Argon2.hash(password));
    }

    /**
     * Whether a password is the one of a hash. Without a hash it takes the same time and is not, so that the time does
     * not tell whether there is such an account.
     */
    public Future<Boolean> verify(Secret password, @Nullable String hash) {
        return hash == null
                ? nobody.compose(none -> apart(() -> check.holds(password, none)))
                        .map(false)
                : apart(() -> check.holds(password, hash));
    }

    private <T> Future<T> apart(Callable<T> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(new ThrottledException("too many logins at once; try again", BUSY));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }

    /** Ends the threads. */
    public Future<Void> close() {
        return workers.close();
    }
}
