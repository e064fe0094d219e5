package dev.ganglion.api.request;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.LoginAndAuditMetrics;
import dev.ganglion.telemetry.LoginAndAuditMetrics.AuditStep;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.Operation;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records every change and every command in the audit log, whether it succeeded or was rejected. A change starts only
 * after the store has registered it. Its success is reported only after its record is stored.
 */
public final class AuditedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(AuditedCalls.class);
    private static final String BASE = "/api/v1";
    /** Marks a request whose outcome {@link #run} records. */
    private static final String RECORDED = AuditedCalls.class.getName();
    /** Most records of callers without authentication that may wait at a time; further ones are not counted. */
    private static final int MAX_UNAUTHENTICATED = 64;

    private static final Set<String> EVEN_IF_FULL = Set.of("logout", "changePassword", "updateUser", "drainNode");

    private final RequestServices services;
    private final Clock clock;
    private final LoginAndAuditMetrics metrics;
    private final AtomicInteger unauthenticated = new AtomicInteger();

    public AuditedCalls(RequestServices services, Clock clock, LoginAndAuditMetrics metrics) {
        this.services = services;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Runs a call and records it if it writes. This method records no operation without authentication; the handler of
     * such an operation calls {@link #record}.
     */
    Future<Reply> run(Call call, Function<Call, Future<Reply>> handler) {
        return runWithEarlyReads(call, pending -> pending.registered().compose(registered -> handler.apply(pending)));
    }

    /**
     * Like {@link #run}, but the handler may already read while the audit registers the call. The handler must change
     * nothing before {@link Call#registered()} completes.
     */
    Future<Reply> runWithEarlyReads(Call call, Function<Call, Future<Reply>> handler) {
        RoutingContext context = call.context();
        Principal principal = call.admission().principal();
        if (principal == null || !Access.isWrite(context.request().method())) {
            ErrorResponses.mayHaveHappened(context);
            return handler.apply(call);
        }
        context.put(RECORDED, true);
        AuditRecord draft = draft(
                context,
                AuditRecord.Actor.of(principal),
                call.admission().operation(),
                call.admission().project());
        Future<Void> registered = services.trail()
                .begin(draft, evenIfFull(call))
                .onFailure(failure -> metrics.auditFailed(AuditStep.BEGIN));
        registered.onSuccess(begun -> ErrorResponses.mayHaveHappened(context));
        call.registered(registered);
        // A call that fails without a change waits too: its record must not precede its registration.
        Future<Reply> changed = Future.<Void>succeededFuture().compose(start -> handler.apply(call));
        return changed.transform(done -> registered.transform(ignored -> settled(done)))
                .transform(done -> {
                    String outcome = done.succeeded() ? AuditRecord.OK : code(done.cause());
                    if (done.succeeded() ? call.changedNothing() : isRefusal(done.cause())) {
                        return countIfPossible(draft.ended(outcome, call.subject()))
                                .compose(counted -> settled(done));
                    }
                    return append(draft.ended(outcome, call.subject())).transform(written -> {
                        // A call without a registration changed nothing: the caller gets the reason of Redis.
                        if (written.failed() && (done.succeeded() || registered.succeeded())) {
                            return Future.failedFuture(notRecorded(written.cause()));
                        }
                        return settled(done);
                    });
                });
    }

    /** Whether a call frees memory or ends somebody's access. A full Redis must not prevent that. */
    private static boolean evenIfFull(Call call) {
        return call.context().request().method().equals(HttpMethod.DELETE)
                || EVEN_IF_FULL.contains(call.admission().operation());
    }

    private static <T> Future<T> settled(AsyncResult<T> done) {
        return done.succeeded() ? Future.succeededFuture(done.result()) : Future.failedFuture(done.cause());
    }

    /**
     * Records a write that the caller was not permitted to make, and then fails with {@code refusal}.
     */
    <T> Future<T> recordForbidden(
            RoutingContext context, @Nullable Operation operation, Principal principal, Throwable refusal) {
        if (!isRefusal(refusal)
                || operation == null
                || !Access.isWrite(context.request().method())) {
            return Future.failedFuture(refusal);
        }
        AuditRecord record = draft(context, AuditRecord.Actor.of(principal), operation.getOperationId(), null)
                .ended(code(refusal), null);
        return countIfPossible(record).compose(counted -> Future.failedFuture(refusal));
    }

    /**
     * Records a write that failed before its handler ran, such as one with an invalid body. Completes in any case; the
     * caller then sends the error response.
     */
    Future<Void> recordInvalid(RoutingContext context, Throwable failure) {
        Admission admission = Admission.find(context);
        if (context.get(RECORDED) != null
                || admission == null
                || admission.principal() == null
                || !isRefusal(failure)
                || !Access.isWrite(context.request().method())) {
            return Future.succeededFuture();
        }
        AuditRecord record = draft(
                        context,
                        AuditRecord.Actor.of(admission.principal()),
                        admission.operation(),
                        admission.project())
                .ended(code(failure), null);
        return countIfPossible(record);
    }

    /** Counts a write without valid credentials, without delaying its response. */
    void recordUnauthenticated(RoutingContext context, @Nullable Operation operation, Throwable failure) {
        if (operation == null
                || !isRefusal(failure)
                || !Access.isWrite(context.request().method())) {
            return;
        } else if (unauthenticated.incrementAndGet() > MAX_UNAUTHENTICATED) {
            unauthenticated.decrementAndGet();
            return;
        }
        AuditRecord record = draft(context, AuditRecord.Actor.claimed(""), operation.getOperationId(), null)
                .ended(code(failure), null);
        countIfPossible(record).onComplete(done -> unauthenticated.decrementAndGet());
    }

    /** Whether the brain refused a call, which then changed nothing. Other failures may come after a change. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof GanglionException known && known.errorCode().httpStatus() < 500;
    }

    private Future<Void> countRefused(AuditRecord record) {
        return services.auditLog()
                .countRefused(record)
                .onSuccess(written -> metrics.auditWritten())
                .onFailure(failure -> metrics.auditFailed(AuditStep.RECORD));
    }

    /** Counts a call whose refusal stands even if the audit cannot count it. Completes in any case. */
    private Future<Void> countIfPossible(AuditRecord record) {
        return countRefused(record)
                .onFailure(failure -> LOG.atWarn()
                        .addKeyValue("requestId", record.scope().requestId())
                        .addKeyValue("reason", failure.getMessage())
                        .log("Could not count a refused call in the audit log"))
                .otherwiseEmpty();
    }

    /** Records an action that has finished, or whose response must wait for its record. */
    public Future<Void> record(
            RoutingContext context, AuditRecord.Actor actor, String action, String outcome, @Nullable String subject) {
        AuditRecord record = draft(context, actor, action, null).ended(outcome, subject);
        return outcome.equals(AuditRecord.OK) ? append(record) : countRefused(record);
    }

    private Future<Void> append(AuditRecord record) {
        return services.trail()
                .append(record)
                .onSuccess(written -> metrics.auditWritten())
                .onFailure(failure -> metrics.auditFailed(AuditStep.RECORD));
    }

    private AuditRecord draft(
            RoutingContext context, AuditRecord.Actor actor, String action, @Nullable Project project) {
        String path = context.normalizedPath();
        return new AuditRecord(
                UUID.randomUUID().toString(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                actor,
                action,
                new AuditRecord.Scope(
                        services.source().address(context.request()), RequestId.of(context), services.node()),
                new AuditRecord.Target(
                        path.startsWith(BASE) ? path.substring(BASE.length()) : path,
                        null,
                        project == null ? null : project.id(),
                        project == null ? null : project.slug()),
                AuditRecord.UNKNOWN);
    }

    private static String code(Throwable failure) {
        return failure instanceof GanglionException known ? known.errorCode().code() : ErrorCode.INTERNAL.code();
    }

    private static GanglionException notRecorded(Throwable cause) {
        return new GanglionException(
                ErrorCode.STORE_UNAVAILABLE,
                "the audit record could not be stored; the change may have been made, so check before you retry",
                null,
                cause);
    }
}
