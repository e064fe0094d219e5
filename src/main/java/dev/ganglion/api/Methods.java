package dev.ganglion.api;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.List;

/** Which methods an address takes; others are answered with 405, and told which in {@code Allow}. */
final class Methods {
    private static final List<HttpMethod> OF_THE_DOCUMENT =
            List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private Methods() {}

    /** Mounts what is read alone. {@code HEAD} is answered as {@code GET} is, and Vert.x leaves the body out. */
    static void readable(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).handler(handler);
        router.head(path).handler(handler);
        only(router, path, "GET, HEAD");
    }

    /** Mounts the refusal of whatever else comes to an address that is mounted before. */
    static void only(Router router, String path, String allowed) {
        router.route(path).handler(context -> refuse(context, allowed));
    }

    /** Lets pass what was admitted to an operation of the document, and what the document has no address for. */
    static void ofTheDocument(RoutingContext context, OpenAPIContract contract) {
        if (Admission.isGiven(context)) {
            context.next();
            return;
        }
        String path = context.normalizedPath();
        List<String> known = OF_THE_DOCUMENT.stream()
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
        Problems.answer(
                context,
                new GanglionException(
                        ErrorCode.METHOD_NOT_ALLOWED, "this address does not take that method, but " + allowed));
    }
}
