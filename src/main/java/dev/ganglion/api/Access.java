package dev.ganglion.api;

import dev.ganglion.auth.Principal;
import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.SessionToken;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
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
 * The one place that knows who is calling and says what they may do: before a body is read, and by what the document
 * says of the operation. A project in which the caller has no role is answered as one that is not there.
 */
final class Access {
    /** The document's word for who may call an operation. */
    static final String ROLE = "x-ganglion-role";

    private final OpenAPIContract contract;
    private final People people;
    private final ProjectStore projects;
    private final AuditedCalls audited;
    private final Map<String, Need> needs = new HashMap<>();

    Access(OpenAPIContract contract, People people, ProjectStore projects, AuditedCalls audited) {
        this.contract = contract;
        this.people = people;
        this.projects = projects;
        this.audited = audited;
        for (Operation operation : contract.operations()) {
            needs.put(operation.getOperationId(), need(operation));
        }
    }

    /** What the document says; an operation without it must not be served. */
    private static Need need(Operation operation) {
        return Need.of(operation.getExtensions().get(ROLE))
                .orElseThrow(() -> new IllegalStateException(
                        operation.getOperationId() + " has no " + ROLE + " in the OpenAPI document"));
    }

    /** Lets a request through that its caller may make. */
    void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Operation operation = contract.findOperation(context.normalizedPath(), request.method());
        Need need = operation == null ? Need.SELF : needs.getOrDefault(operation.getOperationId(), Need.GLOBAL_ADMIN);
        if (operation != null && need.isOpen()) {
            new Admission(operation.getOperationId(), null, null).keep(context);
            context.next();
            return;
        }
        request.pause(); // nothing of the body is lost while the store is asked
        authenticate(context)
                .compose(principal -> admit(context, operation, need, principal)
                        .recover(refused -> audited.refused(context, operation, principal, refused)))
                .onComplete(done -> {
                    request.resume();
                    if (done.failed()) {
                        Problems.answer(context, done.cause());
                        return;
                    }
                    done.result().ifPresent(admission -> admission.keep(context));
                    context.next();
                });
    }

    private Future<Principal> authenticate(RoutingContext context) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        Future<Optional<Principal>> known;
        if (authorization != null) {
            known = people.principals().byAuthorization(authorization);
        } else {
            SessionToken token = SessionCookie.read(context.request(), people.source());
            known = token == null
                    ? Future.succeededFuture(Optional.empty())
                    : people.principals().bySession(token, true);
        }
        return known.map(found -> found.orElseThrow(() -> new GanglionException(
                ErrorCode.UNAUTHORIZED, "send Authorization: Bearer z4k_… with a valid key, or log in")));
    }

    /** Empty for what is no operation: others say so, to those who are known. */
    private Future<Optional<Admission>> admit(
            RoutingContext context, @Nullable Operation operation, Need need, Principal principal) {
        GanglionException forged = forged(context.request(), principal);
        if (forged != null) {
            return Future.failedFuture(forged);
        } else if (operation == null) {
            return Future.succeededFuture(Optional.empty());
        }
        String name = operation.getOperationId();
        String slug = Parameters.pathText(context.normalizedPath(), operation, "slug");
        if (slug == null) {
            return need == Need.SELF || principal.globalAdmin()
                    ? Future.succeededFuture(Optional.of(new Admission(name, principal, null)))
                    : Future.failedFuture(forbidden("this takes a global admin"));
        }
        return projects.bySlug(slug).map(found -> {
            Project project = found.filter(there -> principal.roleIn(there.id()).isPresent())
                    .orElseThrow(() ->
                            new GanglionException(ErrorCode.NOT_FOUND, "there is no project of this slug", "slug"));
            if (!suffices(principal, project, need)) {
                throw forbidden(
                        need.role().isPresent()
                                ? "this takes the role " + need.word() + " in the project"
                                : "this takes a global admin");
            }
            return Optional.of(new Admission(name, principal, project));
        });
    }

    private static boolean suffices(Principal principal, Project project, Need need) {
        if (principal.globalAdmin() || need == Need.SELF) {
            return true;
        }
        return need.role()
                .flatMap(needed -> principal.roleIn(project.id()).map(role -> role.covers(needed)))
                .orElse(false);
    }

    /** What a browser may have been made to send by another site; a bearer it cannot. */
    private @Nullable GanglionException forged(HttpServerRequest request, Principal principal) {
        if (principal.session() == null) {
            return null;
        }
        if (!principal.session().admits(request.getHeader(HttpHeaders.ORIGIN))) {
            return new GanglionException(
                    ErrorCode.ORIGIN_MISMATCH, "Origin: the session was begun from another one; log in here");
        }
        SessionToken token = SessionCookie.read(request, people.source());
        boolean writes = isWrite(request.method());
        return writes && (token == null || !token.admits(request.getHeader(SessionCookie.CSRF_HEADER)))
                ? new GanglionException(
                        ErrorCode.CSRF_FAILED,
                        SessionCookie.CSRF_HEADER + ": send the csrf_token of the login, or of GET /auth/me")
                : null;
    }

    static boolean isWrite(HttpMethod method) {
        return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
    }

    private static GanglionException forbidden(String message) {
        return new GanglionException(ErrorCode.FORBIDDEN, message);
    }
}
