package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.List;

/** Rejects HTTP methods that a path does not accept, with 405 and the accepted ones in {@code Allow}. */
public final class AllowedMethods {
    private static final List<HttpMethod> DOCUMENT_METHODS =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private AllowedMethods() {}

    /** Mounts a handler for GET and HEAD. Vert.x omits the body of a response to HEAD. */
    public static void mountGet(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).handler(handler);
        router.head(path).handler(handler);
        rejectOthers(router, path, "GET, HEAD");
    }

    /** Rejects all methods that no earlier handler of {@code path} accepted. */
    public static void rejectOthers(Router router, String path, String allowed) {
        router.route(path).handler(context -> refuse(context, allowed));
    }

    /**
     * Passes on requests that were admitted to an operation, and requests for paths that are not in the document.
     * Rejects other methods of the document's paths.
     */
    public static void rejectOtherMethods(RoutingContext context, OpenAPIContract contract) {
        if (Admission.isPresent(context)) {
            context.next();
            return;
        }
        String path = context.normalizedPath();
        List<String> known = DOCUMENT_METHODS.stream()
                .filter(method -> contract.findOperation(path, method) != null)
                .map(HttpMethod::name)
                .toList();
        if (known.isEmpty()) {
            context.next();
        } else {
            refuse(context, String.join(", ", known));
        }
    }

    private static void refuse(RoutingContext context, String allowed) {
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        ErrorResponses.answer(
                context, new GanglionException(ErrorCode.METHOD_NOT_ALLOWED, "this path accepts only " + allowed));
    }
}
