package dev.ganglion.api;

import dev.ganglion.auth.Principal;
import dev.ganglion.auth.Project;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * That a caller may do one operation, in one project if it is of one. Whatever serves the request takes both from here,
 * so that what was allowed and what is done cannot differ.
 *
 * @param operation the operation's name
 * @param principal who; null where nobody is asked
 * @param project where; null for what belongs to no project
 */
record Admission(
        String operation,
        @Nullable Principal principal,
        @Nullable Project project) {
    private static final String KEY = Admission.class.getName();

    void keep(RoutingContext context) {
        context.put(KEY, this);
    }

    /** Whether the request is for an operation of the document. */
    static boolean isGiven(RoutingContext context) {
        return context.get(KEY) != null;
    }

    /** What was allowed of this request. Fails when that was not the operation that is to be done. */
    static Admission of(RoutingContext context, String operation) {
        Admission admission = context.get(KEY);
        if (admission == null || !admission.operation().equals(operation)) {
            throw new GanglionException(ErrorCode.NOT_FOUND, "there is nothing at this address");
        }
        return admission;
    }
}
