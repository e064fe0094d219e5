package dev.ganglion.api.request;

import io.vertx.core.Future;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The handlers of the operations of the OpenAPI document. Calls that write are audited. */
public final class Operations {
    private final AuditedCalls audited;
    private final Call.Services services;
    private final Map<String, Function<Call, Future<Reply>>> handlers = new LinkedHashMap<>();

    /**
     * Creates an empty set of operations.
     *
     * @param answers memory for answers
     * @param source determines the origin of a request
     */
    public Operations(AuditedCalls audited, AnswerBudget answers, RequestSource source) {
        this.audited = audited;
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
                    .onSuccess(reply -> send(reply, call))
                    .onFailure(failure -> {
                        call.memory().release();
                        context.fail(failure);
                    });
        });
        route.addFailureHandler(ErrorResponses::answer);
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
