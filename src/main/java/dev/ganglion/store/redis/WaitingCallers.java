package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * Callers of a line that wait for its connection. A caller fails with the attempt to connect that began after it came,
 * so that it never fails because of an older attempt.
 */
final class WaitingCallers {
    /** Callers that wait for the current attempt to connect. */
    private List<Promise<Void>> attempted = new ArrayList<>();
    /** Callers that came later, and wait for the next attempt. */
    private List<Promise<Void>> waiting = new ArrayList<>();

    int size() {
        return attempted.size() + waiting.size();
    }

    boolean noneForNextAttempt() {
        return waiting.isEmpty();
    }

    Future<Void> add() {
        Promise<Void> promise = Promise.promise();
        waiting.add(promise);
        return promise.future();
    }

    void attemptBegins() {
        attempted.addAll(waiting);
        waiting = new ArrayList<>();
    }

    /** Completes all callers. */
    void succeed() {
        taken(true).forEach(Promise::tryComplete);
    }

    /** Fails the callers of the current attempt, or all callers if there is no further attempt. */
    void fail(Throwable cause, boolean last) {
        taken(last).forEach(caller -> caller.tryFail(cause));
    }

    private List<Promise<Void>> taken(boolean all) {
        List<Promise<Void>> taken = attempted;
        attempted = new ArrayList<>();
        if (all) {
            attemptBegins();
            taken.addAll(attempted);
            attempted = new ArrayList<>();
        }
        return taken;
    }
}
