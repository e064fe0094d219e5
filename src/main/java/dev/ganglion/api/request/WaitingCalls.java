package dev.ganglion.api.request;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.bus.Addresses;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends calls that wait as soon as their callers may no longer make them: the user was disabled or lost the role, the login
 * or the API key ended, or the project was deleted, on any node. Thread-safe.
 */
public final class WaitingCalls {
    /** Interval at which all waiting calls are checked, since a message between nodes may be lost, in milliseconds. */
    private static final long RECHECK_MS = 5_000;

    private final Access access;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    /**
     * A call that waits.
     *
     * @param subjects ids of the user or key, the login session and the project
     * @param ended fails when the caller may no longer make the call
     */
    private record Waiting(RoutingContext context, Set<String> subjects, Promise<?> ended) {}

    public WaitingCalls(Access access) {
        this.access = access;
    }

    /** Subscribes to changed rights and ended logins, for as long as the node runs. */
    public void start(Vertx vertx) {
        vertx.eventBus().<String>localConsumer(Addresses.ACCESS_CHANGED, message -> recheckOf(message.body()));
        vertx.eventBus().<String>localConsumer(Addresses.LOGIN_ENDED, message -> recheckOf(message.body()));
        vertx.setPeriodic(RECHECK_MS, timer -> waiting.forEach(this::recheck));
    }

    /** Returns the result of {@code wait}, or the refusal of the call if its caller loses the right to make it first. */
    public <T> Future<T> whileAdmitted(Call call, Future<T> wait) {
        Set<String> subjects = new HashSet<>();
        Principal principal = call.principal();
        subjects.add(principal.id());
        if (principal.session() != null) {
            subjects.add(principal.session().id());
        }
        Project project = call.admission().project();
        if (project != null) {
            subjects.add(project.id());
        }
        Promise<T> ended = Promise.promise();
        Waiting mine = new Waiting(call.context(), subjects, ended);
        waiting.add(mine);
        wait.onSuccess(ended::tryComplete).onFailure(ended::tryFail);
        recheck(mine); // the right may have ended between the check of the call and its registration here
        return ended.future().onComplete(done -> waiting.remove(mine));
    }

    private void recheckOf(String subject) {
        for (Waiting each : waiting) {
            if (each.subjects().contains(subject)) {
                recheck(each);
            }
        }
    }

    private void recheck(Waiting call) {
        access.recheck(call.context()).onFailure(failure -> {
            if (failure instanceof GanglionException known && known.errorCode().httpStatus() < 500) {
                call.ended().tryFail(failure);
            }
        });
    }
}
