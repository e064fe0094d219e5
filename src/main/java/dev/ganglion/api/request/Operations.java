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
    private final Set<String> fromMemory = new HashSet<>();
    private final Map<String, Function<Call, Future<Reply>>> handlers = new LinkedHashMap<>();

    public Operations(AuditedCalls audited, Supplier<Future<Void>> sameStore) {
        this.audited = audited;
        this.sameStore = sameStore;
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
            Future<Reply> reply;
            try {
                reply = handler.apply(Call.of(context, operationId));
            } catch (RuntimeException e) {
                context.fail(e);
                return;
            }
            (fromMemory.contains(operationId) ? reply : reply.transform(this::confirmed))
                    .onSuccess(done -> done.sendTo(context))
                    .onFailure(context::fail);
        });
        route.addFailureHandler(context -> audited.recordInvalid(context, ErrorResponses.error(context))
                .onComplete(recorded -> ErrorResponses.answer(context)));
    }

    private Future<Reply> confirmed(AsyncResult<Reply> done) {
        if (done.succeeded()) {
            return sameStore.get().map(done.result());
        }
        boolean absent = done.cause() instanceof GanglionException refused && ABSENT.contains(refused.errorCode());
        Future<Reply> failed = Future.failedFuture(done.cause());
        return absent ? sameStore.get().compose(same -> failed) : failed;
    }
}
