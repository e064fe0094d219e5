package dev.ganglion.api.request;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.people.Principal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A validated and authorized request for one operation of the OpenAPI document. */
public final class Call {
    private static final int DEFAULT_LIMIT = 50;

    private final RoutingContext context;
    private final ValidatedRequest request;
    private final Admission admission;
    private final AnswerBudget answers;
    private final AnswerBudget.Share memory;
    private Future<Void> registered = Future.succeededFuture();
    private @Nullable String subject;
    private boolean changedNothing;

    private Call(RoutingContext context, ValidatedRequest request, Admission admission, Services services) {
        this.context = context;
        this.request = request;
        this.admission = admission;
        this.answers = services.answers();
        this.memory = answers.open(client(admission.principal(), context.request(), services.source()));
    }

    /**
     * The services of every call.
     *
     * @param answers memory for answers
     * @param source determines the origin of a request
     */
    record Services(AnswerBudget answers, RequestSource source) {}

    /** Names the client whose share of memory a request uses: its caller, or the address of a caller without a name. */
    static String client(@Nullable Principal principal, HttpServerRequest request, RequestSource source) {
        return principal == null
                ? "address " + source.address(request)
                : principal.kind().wireName() + " " + principal.id();
    }

    /**
     * Returns the request that was admitted to {@code operation}. Fails with {@code not_found} if it was admitted to
     * another one.
     */
    static Call of(RoutingContext context, String operation, Services services) {
        return new Call(
                context,
                context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST),
                Admission.of(context, operation),
                services);
    }

    public RoutingContext context() {
        return context;
    }

    /** The memory of the answer. */
    AnswerBudget.Share memory() {
        return memory;
    }

    /** Reserves the memory for an answer with one stored item, and then reads the item. */
    public <T> Future<T> readingItem(Supplier<Future<T>> read) {
        return memory.reserve(answers.ofItem()).compose(reserved -> read.get());
    }

    /** Reserves the memory for a page, and then reads it. */
    public <T> Future<T> readingPage(Supplier<Future<T>> read) {
        return memory.reserve(answers.ofPage()).compose(reserved -> read.get());
    }

    /** Gives back the memory of what was read, because the call waits before it reads again. */
    public void forgetRead() {
        memory.shrinkTo(AnswerBudget.SMALL);
    }

    /** The permission of the caller. */
    Admission admission() {
        return admission;
    }

    /** The authenticated caller. Must not be called for an operation without authentication. */
    public Principal principal() {
        return Objects.requireNonNull(admission.principal(), "the operation does not authenticate its caller");
    }

    /** The project of the path, which the caller may see. */
    public Project project() {
        return Objects.requireNonNull(admission.project(), "the operation does not belong to a project");
    }

    /**
     * Completes when the audit has registered the call. The handler must change nothing before then, and nothing at all
     * if this future fails.
     */
    public Future<Void> registered() {
        return registered;
    }

    void registered(Future<Void> begun) {
        registered = begun;
    }

    /** Names the target of the call in the audit record, where the path does not name it. */
    public void subject(String text) {
        subject = text;
    }

    /** Notes that the call succeeds without a change. The audit then counts it like a refused call. */
    public void changesNothing() {
        changedNothing = true;
    }

    boolean changedNothing() {
        return changedNothing;
    }

    @Nullable
    String subject() {
        return subject;
    }

    /** Returns a path parameter. */
    public String path(String name) {
        String value = text(request.getPathParameters(), name);
        if (value == null) {
            throw new IllegalStateException("the path has no parameter " + name);
        }
        return value;
    }

    /** Returns a query parameter, or null if it is absent. */
    public @Nullable String query(String name) {
        return text(request.getQuery(), name);
    }

    /** Returns the values of a query parameter that takes several, separated by commas; empty if it is absent. */
    public Set<String> list(String name) {
        RequestParameter values = request.getQuery().get(name);
        return values == null || values.isNull()
                ? Set.of()
                : values.getJsonArray().stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns a query parameter that is a time, or null if it is absent. Fails with {@code validation_failed} if it is
     * not an RFC 3339 time with a zone.
     */
    public @Nullable Instant time(String name) {
        return RestTimes.parse(query(name), name);
    }

    /**
     * Returns an integer query parameter, which may be written as {@code 5.0}, or {@code otherwise} if it is absent.
     */
    public int number(String name, int otherwise) {
        RequestParameter number = request.getQuery().get(name);
        return number == null || number.isNull() ? otherwise : number.getInteger();
    }

    /** Largest number of items of a page, 1 to 500; 50 by default. */
    public int limit() {
        return number("limit", DEFAULT_LIMIT);
    }

    /** The position after the previous page, or null for the first page. */
    public @Nullable String cursor() {
        return query("cursor");
    }

    /** Returns the body, which is a JSON object. */
    public JsonObject body() {
        return request.getBody().getJsonObject();
    }

    /** Returns the body of an operation that does not require one, or an empty object. */
    public JsonObject bodyOrEmpty() {
        RequestParameter body = request.getBody();
        return body == null || body.isNull() || body.isEmpty() ? new JsonObject() : body.getJsonObject();
    }

    private static @Nullable String text(Map<String, RequestParameter> parameters, String name) {
        RequestParameter parameter = parameters.get(name);
        return parameter == null || parameter.isNull() ? null : String.valueOf(parameter.get());
    }
}
