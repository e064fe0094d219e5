package dev.ganglion.api.request;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The identifier of a request in its response, in the log and in the audit. */
public final class RequestId {
    private static final String KEY = RequestId.class.getName();

    private RequestId() {}

    /** Returns the identifier of a request and creates it on first use. */
    public static String of(RoutingContext context) {
        String known = context.get(KEY);
        if (known != null) {
            return known;
        }
        String made = UUID.randomUUID().toString();
        context.put(KEY, made);
        return made;
    }
}
