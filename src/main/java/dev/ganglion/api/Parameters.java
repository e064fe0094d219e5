package dev.ganglion.api;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands a request's parameters to the validator as they are. Its own way decodes what is decoded already, so that
 * {@code %2B} became a space, and takes a text for a number or an error when it looks like JSON.
 */
final class Parameters implements RequestExtractor {
    @Override
    public Future<ValidatableRequest> extractValidatableRequest(RoutingContext context, Operation operation) {
        Map<String, RequestParameter> path = new HashMap<>();
        Map<String, RequestParameter> query = new HashMap<>();
        for (Parameter parameter : operation.getParameters()) {
            if (parameter.getIn() == Location.PATH) {
                path.put(parameter.getName(), given(parameter, segment(context, operation, parameter)));
            } else if (parameter.getIn() == Location.QUERY) {
                String value = context.queryParams().get(parameter.getName());
                query.put(parameter.getName(), given(parameter, value));
            }
        }
        if (operation.getRequestBody() == null) {
            return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), Map.of(), path, query));
        }
        RequestParameter body = new RequestParameterImpl(context.body().buffer());
        String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        // The document's types are compared as they stand; those of HTTP are the same in any case.
        String mediaType = contentType == null ? null : contentType.toLowerCase(Locale.ROOT);
        return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), Map.of(), path, query, body, mediaType));
    }

    /** The validator reads values as JSON where it can, so that a text has to be JSON text. */
    private static RequestParameter given(Parameter parameter, @Nullable String value) {
        boolean text = value != null && parameter.getSchemaType() == SchemaType.STRING;
        return new RequestParameterImpl(text ? Json.encode(value) : value);
    }

    private static @Nullable String segment(RoutingContext context, Operation operation, Parameter parameter) {
        return segment(context.request().path(), operation, parameter.getName());
    }

    /** What an address says for a parameter of its operation; null when the operation has none of that name. */
    static @Nullable String pathText(String path, Operation operation, String parameter) {
        return operation.getAbsoluteOpenAPIPath().contains("{" + parameter + "}")
                ? segment(path, operation, parameter)
                : null;
    }

    private static @Nullable String segment(String path, Operation operation, String parameter) {
        int place = RequestUtils.findPathSegment(operation.getAbsoluteOpenAPIPath(), parameter);
        String[] segments = path.split("/", -1);
        if (place >= segments.length) {
            return null;
        }
        try {
            return URLDecoder.decode(segments[place], StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new GanglionException(
                    ErrorCode.INVALID_REQUEST, parameter + ": is not percent-encoded", parameter, e);
        }
    }
}
