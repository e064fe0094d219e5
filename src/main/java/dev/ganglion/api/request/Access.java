package dev.ganglion.api.request;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.auth.people.SessionToken;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.socket.OpenConnection;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates callers and authorizes their requests. It runs before the request body is read and follows the role
 * that the OpenAPI document requires for the operation.
 *
 * <p>To a caller without a role in a project, the project does not exist: the response is 404.
 */
public final class Access {
    /** Extension of the OpenAPI document that names the role an operation requires. */
    static final String ROLE = "x-ganglion-role";

    private final OpenAPIContract contract;
    private final RequestServices services;
    private final AuditedCalls audited;
    private final Map<String, RequiredRole> requiredRoles = new HashMap<>();

    public Access(OpenAPIContract contract, RequestServices services, AuditedCalls audited) {
        this.contract = contract;
        this.services = services;
        this.audited = audited;
        for (Operation operation : contract.operations()) {
            requiredRoles.put(operation.getOperationId(), requiredRole(operation));
        }
    }

    /** Returns the role that the document requires. An operation without this extension must not be served. */
    private static RequiredRole requiredRole(Operation operation) {
        return RequiredRole.of(operation.getExtensions().get(ROLE))
                .orElseThrow(() -> new IllegalStateException(
                        operation.getOperationId() + " has no " + ROLE + " in the OpenAPI document"));
    }

    /** Passes the request on if its caller may make it, otherwise sends an error response. */
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Operation operation = contract.findOperation(context.normalizedPath(), request.method());
        RequiredRole required = operation == null
                ? RequiredRole.SELF
                : requiredRoles.getOrDefault(operation.getOperationId(), RequiredRole.GLOBAL_ADMIN);
        if (operation != null && required.skipsAuthentication()) {
            new Admission(operation.getOperationId(), null, null).store(context);
            context.next();
            return;
        }
        request.pause(); // the body must not get lost while the store authenticates the caller
        authenticated(context, operation)
                .onSuccess(principal -> OpenConnection.authenticated(request))
                .compose(principal -> admit(context, operation, required, principal)
                        .recover(refused -> audited.recordForbidden(context, operation, principal, refused)))
                .onComplete(done -> {
                    request.resume();
                    if (done.failed()) {
                        ErrorResponses.answer(context, done.cause());
                        return;
                    }
                    done.result().ifPresent(admission -> admission.store(context));
                    context.next();
                });
    }

    /** Fails if the caller of a request under way may no longer make it. This check is no use of a login session. */
    Future<Void> recheck(RoutingContext context) {
        Operation operation = contract.findOperation(
                context.normalizedPath(), context.request().method());
        RequiredRole required = operation == null
                ? RequiredRole.GLOBAL_ADMIN
                : requiredRoles.getOrDefault(operation.getOperationId(), RequiredRole.GLOBAL_ADMIN);
        return authenticate(context, false)
                .compose(principal -> admit(context, operation, required, principal))
                .mapEmpty();
    }

    private Future<Principal> authenticated(RoutingContext context, @Nullable Operation operation) {
        return authenticate(context, true)
                .onFailure(refused -> audited.recordUnauthenticated(context, operation, refused));
    }

    private Future<Principal> authenticate(RoutingContext context, boolean use) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        Future<Optional<Principal>> known;
        if (authorization != null) {
            known = services.principals().byAuthorization(authorization);
        } else {
            SessionToken token = SessionCookie.read(context.request(), services.source());
            known = token == null
                    ? Future.succeededFuture(Optional.empty())
                    : services.principals().bySession(token, use);
        }
        return known.map(found -> found.orElseThrow(() -> new GanglionException(
                ErrorCode.UNAUTHORIZED, "Authorization: send a valid API key (Bearer z4k_…), or log in")));
    }

    /**
     * Authorizes an authenticated caller. Returns an empty result for a path without an operation: a later handler
     * responds with 404 or 405, and only authenticated callers get that far.
     */
    private Future<Optional<Admission>> admit(
            RoutingContext context, @Nullable Operation operation, RequiredRole required, Principal principal) {
        GanglionException forged = forged(context.request(), principal);
        if (forged != null) {
            return Future.failedFuture(forged);
        } else if (operation == null) {
            return Future.succeededFuture(Optional.empty());
        }
        String name = operation.getOperationId();
        String slug = Parameters.pathText(context.normalizedPath(), operation, "slug");
        if (slug == null) {
            return required == RequiredRole.SELF || principal.globalAdmin()
                    ? Future.succeededFuture(Optional.of(new Admission(name, principal, null)))
                    : Future.failedFuture(forbidden("only a global admin may do this"));
        }
        return services.projects().bySlug(slug).map(found -> {
            Project project = found.filter(
                            visible -> principal.roleIn(visible.id()).isPresent())
                    .orElseThrow(() -> new GanglionException(ErrorCode.NOT_FOUND, "no project has this slug", "slug"));
            if (!suffices(principal, project, required)) {
                throw forbidden(
                        required.role().isPresent()
                                ? "this requires the role " + required.documentName() + " in the project"
                                : "only a global admin may do this");
            }
            return Optional.of(new Admission(name, principal, project));
        });
    }

    private static boolean suffices(Principal principal, Project project, RequiredRole required) {
        if (principal.globalAdmin() || required == RequiredRole.SELF) {
            return true;
        }
        return required.role()
                .flatMap(wanted -> principal.roleIn(project.id()).map(role -> role.covers(wanted)))
                .orElse(false);
    }

    /**
     * Rejects requests that another site may have made the browser send. Only cookies are affected, since a browser
     * never adds a bearer token by itself.
     */
    private @Nullable GanglionException forged(HttpServerRequest request, Principal principal) {
        if (principal.session() == null) {
            return null;
        }
        if (!principal.session().admits(request.getHeader(HttpHeaders.ORIGIN))) {
            return new GanglionException(
                    ErrorCode.ORIGIN_MISMATCH, "Origin: the session belongs to another origin; log in from this one");
        }
        SessionToken token = SessionCookie.read(request, services.source());
        boolean writes = isWrite(request.method());
        return writes && (token == null || !token.admits(request.getHeader(SessionCookie.CSRF_HEADER)))
                ? new GanglionException(
                        ErrorCode.CSRF_FAILED,
                        SessionCookie.CSRF_HEADER
                                + ": missing or wrong; send the csrf_token from the login or from GET /auth/me")
                : null;
    }

    static boolean isWrite(HttpMethod method) {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    private static GanglionException forbidden(String message) {
        return new GanglionException(ErrorCode.FORBIDDEN, message);
    }
}
