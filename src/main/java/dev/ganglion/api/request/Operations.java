package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The handlers of the operations of the OpenAPI document. Calls that write are audited. The brain reports a change, a
 * page or a missing object only after it has confirmed that Redis did not lose its data meanwhile.
 */
public final class Operations {
    private static final Set<ErrorCode> ABSENT = EnumSet.of(ErrorCode.NOT_FOUND, ErrorCode.UNAUTHORIZED);

    private final AuditedCalls audited;
    private final Supplier<Future<Void>> sameStore;
    private final Call.Services services;
    private final Set<String> fromMemory = new HashSet<>();
    private final Map<String, Function<Call, Future<Reply>>> handlers = new LinkedHashMap<>();

    /**
     * Creates an empty set of operations.
     *
     * @param sameStore completes if every answer until now came from the store that the node uses
     * @param answers memory for answers
     * @param source determines the origin of a request
     */
    public Operations(
            AuditedCalls audited, Supplier<Future<Void>> sameStore, AnswerBudget answers, RequestSource source) {
        this.audited = audited;
        this.sameStore = sameStore;
        this.services = new Call.Services(answers, source);
    }

    /**
     * Adds the handler of an operation. If the call writes, the handler starts after the audit has registered the call.
     */
    public void add(String operationId, Function<Call, Future<Reply>> handler) {
        handlers.put(operationId, call -> audited.run(call, handler));
    }

    /** Adds the handler of an operation that answers with a page of a list. It starts when there is memory for a page. */
    public void addPage(String operationId, Function<Call, Future<Reply>> handler) {
        handlers.put(operationId, call -> call.readingPage(() -> handler.apply(call)));
    }

    /**
     * Adds the handler of an operation that already reads while the audit registers the call. The handler must change
     * nothing before {@link Call#registered()} completes.
     */
    public void addWithEarlyReads(String operationId, Function<Call, Future<Reply>> handler) {
        handlers.put(operationId, call -> audited.runWithEarlyReads(call, handler));
    }

    /** Adds the handler of an operation that answers from memory, whether or not Redis can be used. */
    public void addFromMemory(String operationId, Function<Call, Future<Reply>> handler) {
        fromMemory.add(operationId);
        add(operationId, handler);
    }

    /** Binds all handlers to the routes of the document. */
    public void bindTo(RouterBuilder builder) {
        handlers.forEach((operationId, handler) -> bind(builder.getRoute(operationId), operationId, handler));
    }

    private void bind(OpenAPIRoute route, String operationId, Function<Call, Future<Reply>> handler) {
        route.addHandler(context -> {
            Call call;
            try {
                call = Call.of(context, operationId, services);
            } catch (RuntimeException e) {
                context.fail(e);
                return;
            }
            call.memory()
                    .reserve(AnswerBudget.SMALL)
                    .compose(reserved -> handler.apply(call))
                    .transform(done -> confirmed(operationId, done))
                    .onSuccess(reply -> send(reply, call))
                    .onFailure(failure -> {
                        call.memory().release();
                        context.fail(failure);
                    });
        });
        route.addFailureHandler(context -> audited.recordInvalid(context, ErrorResponses.error(context))
                .onComplete(recorded -> ErrorResponses.answer(context)));
    }

    private Future<Reply> confirmed(String operationId, AsyncResult<Reply> done) {
        if (fromMemory.contains(operationId)) {
            return done.succeeded() ? Future.succeededFuture(done.result()) : Future.failedFuture(done.cause());
        }
        if (done.succeeded()) {
            return sameStore.get().map(done.result());
        }
        boolean absent = done.cause() instanceof GanglionException refused && ABSENT.contains(refused.errorCode());
        Future<Reply> failed = Future.failedFuture(done.cause());
        return absent ? sameStore.get().compose(same -> failed) : failed;
    }

    /** Sends a reply. Its bytes count until the client has received them or has disconnected. */
    private static void send(Reply reply, Call call) {
        call.memory().shrinkTo(reply.size());
        try {
            reply.sendTo(call.context()).onComplete(done -> call.memory().release());
        } catch (RuntimeException e) { // the connection may close at any time
            call.memory().release();
            call.context().fail(e);
        }
    }
}
