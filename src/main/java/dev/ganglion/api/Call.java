package dev.ganglion.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that the OpenAPI document allows. */
final class Call {
    private static final int DEFAULT_LIMIT = 50;

    private final ValidatedRequest request;

    private Call(ValidatedRequest request) {
        this.request = request;
    }

    static Call of(RoutingContext context) {
        return new Call(context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST));
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
