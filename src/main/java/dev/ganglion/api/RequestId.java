package dev.ganglion.api;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The id by which an answer, the log and the audit name a request. */
final class RequestId {
    private static final String KEY = RequestId.class.getName();

    private RequestId() {}

    /** The request's own; made when it is first asked for. */
    static String of(RoutingContext context) {
        String known = context.get(KEY);
        if (known != null) {
            return known;
        }
        String made = UUID.randomUUID().toString();
        context.put(KEY, made);
        return made;
    }
}
