package dev.ganglion.api.request;

import dev.ganglion.config.key.Spelling;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rejects query parameters that an operation does not have, and repeated ones. Otherwise a list would silently ignore a
 * misspelt filter and return everything.
 */
public final class KnownParameters {
    private static final int MAX_SHOWN = 100;

    private KnownParameters() {}

    /** Fails with {@code validation_failed} unless the operation has every parameter of the query, each given once. */
    static void check(Map<String, List<String>> query, Operation operation) {
        Map<String, Boolean> lists = new TreeMap<>();
        for (Parameter parameter : operation.getParameters()) {
            if (parameter.getIn() == Location.QUERY) {
                lists.put(parameter.getName(), parameter.getSchemaType() == SchemaType.ARRAY);
            }
        }
        check(query, lists);
    }

    /** Fails with {@code validation_failed} if the request has a query parameter, for a path that takes none. */
    public static void checkNone(RoutingContext context) {
        check(QueryText.of(context), Map.of());
    }

    private static void check(Map<String, List<String>> query, Map<String, Boolean> lists) {
        query.forEach((name, values) -> {
            Boolean list = lists.get(name);
            if (list == null) {
                throw invalid(name, "unknown query parameter; " + hint(name, lists));
            } else if (values.size() > 1) {
                throw invalid(
                        name,
                        "given " + values.size() + " times; "
                                + (list ? "write several values as " + name + "=a,b" : "give it once"));
            } else if (list && ("," + values.get(0) + ",").contains(",,")) {
                throw invalid(name, "a value is empty; write several values as " + name + "=a,b");
            }
        });
    }

    private static String hint(String name, Map<String, Boolean> lists) {
        return Spelling.nearest(name, lists.keySet())
                .map(nearest ->
                        "the nearest known one is " + nearest + " (known: " + String.join(", ", lists.keySet()) + ")")
                .orElse("this operation has none, so remove it");
    }

    private static GanglionException invalid(String name, String why) {
        String shown = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN);
        return new GanglionException(ErrorCode.VALIDATION_FAILED, shown + ": " + why, shown);
    }
}
