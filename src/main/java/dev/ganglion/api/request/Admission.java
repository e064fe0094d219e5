package dev.ganglion.api.request;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The permission of a caller to perform one operation, in one project if the operation belongs to a project. Handlers
 * take the operation and the project from here, so the permitted action and the performed action cannot differ.
 *
 * @param operation operationId in the OpenAPI document
 * @param principal authenticated caller; null for operations without authentication
 * @param project project of the path; null for operations outside projects
 */
record Admission(
        String operation,
        @Nullable Principal principal,
        @Nullable Project project) {
    private static final String KEY = Admission.class.getName();

    void store(RoutingContext context) {
        context.put(KEY, this);
    }

    /** Returns the admission of a request; null if there is none. */
    static @Nullable Admission find(RoutingContext context) {
        return context.get(KEY);
    }

    /** Returns the authenticated caller of a request; null for operations without authentication. */
    static @Nullable Principal principalOf(RoutingContext context) {
        Admission admission = context.get(KEY);
        return admission == null ? null : admission.principal();
    }

    /** Whether the request matches an operation of the document. */
    static boolean isPresent(RoutingContext context) {
        return context.get(KEY) != null;
    }

    /**
     * Returns the admission of a request. Fails with {@code not_found} if the request was admitted to another
     * operation.
     */
    static Admission of(RoutingContext context, String operation) {
        Admission admission = context.get(KEY);
        if (admission == null || !admission.operation().equals(operation)) {
            throw new GanglionException(ErrorCode.NOT_FOUND, "no such path");
        }
        return admission;
    }
}
