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
    private final Map<String, Function<Call, Future<Reply>>> handlers = new LinkedHashMap<>();

    public Operations(AuditedCalls audited) {
        this.audited = audited;
    }

    /**
     * Adds the handler of an operation. If the call writes, the handler starts after the audit has registered the call.
     */
    public void add(String operationId, Function<Call, Future<Reply>> handler) {
        handlers.put(operationId, call -> audited.run(call, handler));
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
            Future<Reply> reply;
            try {
                reply = handler.apply(Call.of(context, operationId));
            } catch (RuntimeException e) {
                context.fail(e);
                return;
            }
            reply.onSuccess(done -> done.sendTo(context)).onFailure(context::fail);
        });
        route.addFailureHandler(context -> audited.recordInvalid(context, ErrorResponses.error(context))
                .onComplete(recorded -> ErrorResponses.answer(context)));
    }
}
