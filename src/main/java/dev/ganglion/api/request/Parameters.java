package dev.ganglion.api.request;

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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Passes the parameters of a request to the validator unchanged. The library's own extractor decodes parameters twice,
 * so {@code %2B} would become a space. It also parses text that looks like JSON as a number or fails on it.
 */
public final class Parameters implements RequestExtractor {
    @Override
    public Future<ValidatableRequest> extractValidatableRequest(RoutingContext context, Operation operation) {
        Map<String, RequestParameter> path = new HashMap<>();
        Map<String, RequestParameter> query = new HashMap<>();
        Map<String, List<String>> given = QueryText.of(context);
        KnownParameters.check(given, operation);
        for (Parameter parameter : operation.getParameters()) {
            if (parameter.getIn() == Location.PATH) {
                path.put(parameter.getName(), given(parameter, segment(context, operation, parameter)));
            } else if (parameter.getIn() == Location.QUERY) {
                List<String> values = given.get(parameter.getName());
                query.put(parameter.getName(), given(parameter, values == null ? null : values.get(0)));
            }
        }
        if (operation.getRequestBody() == null) {
            return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), Map.of(), path, query));
        }
        MemberNames.check(context.body().buffer());
        RequestParameter body = new RequestParameterImpl(context.body().buffer());
        String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        // The validator compares media types case-sensitively; in HTTP they are case-insensitive.
        String mediaType = contentType == null ? null : contentType.toLowerCase(Locale.ROOT);
        return Future.succeededFuture(new ValidatableRequestImpl(Map.of(), Map.of(), path, query, body, mediaType));
    }

    /** Encodes text as JSON, since the validator parses values as JSON where possible. */
    private static RequestParameter given(Parameter parameter, @Nullable String value) {
        boolean text = value != null && parameter.getSchemaType() == SchemaType.STRING;
        return new RequestParameterImpl(text ? Json.encode(value) : value);
    }

    private static @Nullable String segment(RoutingContext context, Operation operation, Parameter parameter) {
        return segment(context.request().path(), operation, parameter.getName());
    }

    /** Returns the value of a path parameter; null if the operation has no parameter of that name. */
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
        return QueryText.decode(segments[place], false);
    }
}
