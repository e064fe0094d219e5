package dev.ganglion.api.request;

import dev.ganglion.auth.people.ThrottledException;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps all failures of REST requests to HTTP error responses. */
public final class ErrorResponses {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
    /** Key of a request's context under which {@code true} says that the request may have changed something. */
    private static final String CHANGES = "ganglion.changes";

    private static final int RETRY_AFTER_SECONDS = 5;
    private static final String DECODERS = "io.netty.handler.codec.";
    private static final Pattern PARAMETER = Pattern.compile("parameter (\\S{1,100}) is");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]{1,100})\"");

    private ErrorResponses() {}

    /** Notes that a request begins to change something. If it fails later, the outcome of the change is unknown. */
    static void mayHaveHappened(RoutingContext context) {
        context.put(CHANGES, true);
    }

    /** Sends the error response for a request whose context has failed. */
    public static void answer(RoutingContext context) {
        answer(context, context.statusCode());
    }

    /**
     * Sends the error response for a request that failed with this status. If the router itself rejected the request,
     * its context contains neither a failure nor a status.
     */
    public static void answer(RoutingContext context, int status) {
        Throwable failure = context.failure();
        answer(context, failure == null ? new HttpException(status) : failure);
    }

    /** Returns the error that the response to a failed request names. */
    static GanglionException error(RoutingContext context) {
        Throwable failure = context.failure();
        return error(context, failure == null ? new HttpException(context.statusCode()) : failure);
    }

    /** Sends the error response for a failed request. */
    public static void answer(RoutingContext context, Throwable failure) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        GanglionException error = error(context, failure);
        String requestId = RequestId.of(context);
        if (error.errorCode() == ErrorCode.INTERNAL) {
            LOG.atError().setCause(failure).addKeyValue("requestId", requestId).log("A request failed unexpectedly");
        }
        int status = error.errorCode().httpStatus();
        if (status == 503 || status == 429) {
            long wait = error instanceof ThrottledException later ? later.seconds() : RETRY_AFTER_SECONDS;
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait));
        } else if (status == 401) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
        }
        JsonObject details = new JsonObject();
        if (status == 503 && Access.isWrite(context.request().method())) {
            details.put("may_have_happened", Boolean.TRUE.equals(context.get(CHANGES)));
        }
        if (error.field() != null) {
            details.put("field", error.field());
        }
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject()
                        .put("error", error.errorCode().code())
                        .put("message", error.getMessage())
                        .put("details", details)
                        .put("request_id", requestId)
                        .toBuffer())
                .onFailure(gone -> LOG.trace("The caller disconnected before the response was sent", gone));
    }

    private static GanglionException error(RoutingContext context, Throwable failure) {
        Throwable cause = failure instanceof HttpException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GanglionException known) {
            return known;
        } else if (cause instanceof SchemaValidationException invalid) {
            return invalid(invalid.getOutputUnit(), invalid.getMessage());
        } else if (cause instanceof ValidatorException unreadable) {
            return new GanglionException(ErrorCode.INVALID_REQUEST, String.valueOf(unreadable.getMessage()));
        } else if (isOfDecoder(cause)) {
            return new GanglionException(
                    ErrorCode.INVALID_REQUEST,
                    "the body is malformed: check Content-Type, Content-Length and the sizes of its chunks");
        }
        int status = cause instanceof HttpException http ? http.getStatusCode() : context.statusCode();
        return switch (status) {
            case 400 -> new GanglionException(ErrorCode.INVALID_REQUEST, "the request is malformed");
            case 404 -> new GanglionException(ErrorCode.NOT_FOUND, "no such path");
            case 405 -> new GanglionException(ErrorCode.METHOD_NOT_ALLOWED, "this path does not accept this method");
            case 413 -> new GanglionException(ErrorCode.PAYLOAD_TOO_LARGE, "the body exceeds 1 MiB");
            default ->
                new GanglionException(
                        ErrorCode.INTERNAL, "internal error; search the log of the brain for this request_id");
        };
    }

    /** Whether the failure comes from reading the bytes of the caller, and is not a defect. */
    private static boolean isOfDecoder(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.")) {
                return frame.getClassName().startsWith(DECODERS);
            }
        }
        return false;
    }

    private static GanglionException invalid(@Nullable OutputUnit unit, @Nullable String message) {
        String field = null;
        String reason = String.valueOf(message);
        if (unit != null && unit.getErrors() != null && !unit.getErrors().isEmpty()) {
            OutputUnit cause = cause(unit.getErrors());
            field = field(cause);
            reason = isAdditional(cause) ? "unknown field" : String.valueOf(cause.getError());
        }
        Matcher parameter = PARAMETER.matcher(String.valueOf(message));
        if (field == null && parameter.find()) {
            field = parameter.group(1);
        }
        String text = field == null ? reason : field + ": " + reason;
        return new GanglionException(ErrorCode.VALIDATION_FAILED, text, field);
    }

    /**
     * Returns the first error that is not a consequence of another. The validator also reports a property that violates
     * its own rule as an additional property.
     */
    private static OutputUnit cause(List<OutputUnit> errors) {
        for (OutputUnit error : errors) {
            if (!isAdditional(error) && !keyword(error).endsWith("/properties")) {
                return error;
            }
        }
        return errors.get(errors.size() - 1);
    }

    private static boolean isAdditional(OutputUnit error) {
        return keyword(error).contains("dditionalProperties");
    }

    private static String keyword(OutputUnit error) {
        return String.valueOf(error.getKeywordLocation());
    }

    /**
     * Returns the path of the field: {@code #/a/b} becomes a/b. The name of a missing or additional property is always
     * in the message, but not always in the location.
     */
    private static @Nullable String field(OutputUnit error) {
        String location = String.valueOf(error.getInstanceLocation());
        String path = location.startsWith("#/") ? location.substring(2) : "";
        Matcher quoted = QUOTED.matcher(String.valueOf(error.getError()));
        if ((keyword(error).endsWith("/required") || isAdditional(error)) && quoted.find()) {
            String name = quoted.group(1);
            boolean named = path.equals(name) || path.endsWith("/" + name);
            return path.isEmpty() ? name : named ? path : path + "/" + name;
        }
        return path.isEmpty() ? null : path;
    }
}
