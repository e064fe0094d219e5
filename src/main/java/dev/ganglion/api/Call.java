package dev.ganglion.api;

import dev.ganglion.auth.Principal;
import dev.ganglion.auth.Project;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request that the OpenAPI document allows. */
final class Call {
    private static final int DEFAULT_LIMIT = 50;

    private final RoutingContext context;
    private final ValidatedRequest request;
    private final Admission admission;
    private Future<Void> noted = Future.succeededFuture();
    private @Nullable String subject;

    private Call(RoutingContext context, ValidatedRequest request, Admission admission) {
        this.context = context;
        this.request = request;
        this.admission = admission;
    }

    /** The request that was admitted for this operation; fails for any other. */
    static Call of(RoutingContext context, String operation) {
        return new Call(
                context, context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST), Admission.of(context, operation));
    }

    RoutingContext context() {
        return context;
    }

    /** What was allowed of it. */
    Admission admission() {
        return admission;
    }

    /** Who is calling, where nobody may call unknown. */
    Principal principal() {
        return Objects.requireNonNull(admission.principal(), "the operation asks nobody who they are");
    }

    /** The project of the path, which the caller may see. */
    Project project() {
        return Objects.requireNonNull(admission.project(), "the operation is of no project");
    }

    /** Completes when the audit has noted that the call is made; nothing must be changed before, or if it fails. */
    Future<Void> noted() {
        return noted;
    }

    void noted(Future<Void> begun) {
        noted = begun;
    }

    /** Notes for the audit what the path does not say of the target. */
    void subject(String text) {
        subject = text;
    }

    @Nullable
    String subject() {
        return subject;
    }

    /** A path parameter, which is always there. */
    String path(String name) {
        String value = text(request.getPathParameters(), name);
        if (value == null) {
            throw new IllegalStateException("the path has no " + name);
        }
        return value;
    }

    /** A query parameter. */
    @Nullable
    String query(String name) {
        return text(request.getQuery(), name);
    }

    /** A whole number in the query, which may be written as {@code 5.0}. */
    int number(String name, int otherwise) {
        RequestParameter number = request.getQuery().get(name);
        return number == null || number.isNull() ? otherwise : number.getInteger();
    }

    /** How many items a page may have, 1..500. */
    int limit() {
        return number("limit", DEFAULT_LIMIT);
    }

    /** Where the page before ended. */
    @Nullable
    String cursor() {
        return query("cursor");
    }

    /** The body, an object. */
    JsonObject body() {
        return request.getBody().getJsonObject();
    }

    /** The body of a request that may have none. */
    JsonObject bodyOrEmpty() {
        RequestParameter body = request.getBody();
        return body == null || body.isNull() || body.isEmpty() ? new JsonObject() : body.getJsonObject();
    }

    private static @Nullable String text(Map<String, RequestParameter> parameters, String name) {
        RequestParameter parameter = parameters.get(name);
        return parameter == null || parameter.isNull() ? null : String.valueOf(parameter.get());
    }
}
