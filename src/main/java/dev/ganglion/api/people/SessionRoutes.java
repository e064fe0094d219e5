package dev.ganglion.api.people;

import dev.ganglion.api.request.AuditedCalls;
import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RequestSource;
import dev.ganglion.api.request.SessionCookie;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.people.LoginSession;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.auth.people.SessionStore;
import dev.ganglion.auth.people.SessionToken;
import dev.ganglion.auth.people.User;
import dev.ganglion.auth.people.UserStore.Credentials;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.LoginAndAuditMetrics;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** REST operations for login sessions: log in, inspect the caller, list and end sessions. */
final class SessionRoutes {
    private static final String LOGIN = "login";
    private static final int MAX_USER_AGENT = 200;

    private final PeopleServices.Logins logins;
    private final ProjectSlugs slugs;
    private final RequestSource source;
    private final AuditedCalls audited;
    private final NodeBus nodes;
    private final LoginAndAuditMetrics metrics;

    SessionRoutes(
            PeopleServices.Logins logins,
            ProjectSlugs slugs,
            RequestSource source,
            AuditedCalls audited,
            NodeBus nodes,
            LoginAndAuditMetrics metrics) {
        this.logins = logins;
        this.slugs = slugs;
        this.source = source;
        this.audited = audited;
        this.nodes = nodes;
        this.metrics = metrics;
    }

    void addTo(Operations operations) {
        operations.add("login", this::login);
        operations.add("logout", this::logout);
        operations.add("getMe", this::me);
        operations.addPage("listSessions", this::list);
        operations.add("revokeSession", this::revoke);
    }

    /** Returns the email address of a body in its stored form, in lower case. */
    static String email(JsonObject body) {
        return body.getString("email").toLowerCase(Locale.ROOT);
    }

    /** Notifies all nodes that login sessions ended, so that they close the dashboard sockets of these sessions. */
    static void notifyEnded(NodeBus nodes, List<String> sessions) {
        sessions.forEach(session -> nodes.broadcast(new NodeMessage.LoginEnded(session)));
    }

    /** Notifies all nodes that the rights of a user or an API key changed or ended. */
    static void notifyChanged(NodeBus nodes, String subjectId) {
        nodes.broadcast(new NodeMessage.AccessChanged(subjectId));
    }

    private Future<Reply> login(Call call) {
        String email = email(call.body());
        Secret password = Secret.of(call.body().getString("password"));
        String address = source.address(call.context().request());
        return logins.throttle()
                .attempt(email, address)
                .compose(admitted -> logins.users().byEmail(email))
                .compose(found -> logins.passwords()
                        .verify(password, found.map(Credentials::passwordHash).orElse(null))
                        .compose(right -> right ? open(call, found.orElseThrow(), address) : refused(call, email)))
                .onComplete(done -> metrics.login(outcome(done)));
    }

    private static LoginAndAuditMetrics.Login outcome(AsyncResult<Reply> login) {
        if (login.succeeded()) {
            return LoginAndAuditMetrics.Login.OK;
        }
        ErrorCode code = login.cause() instanceof GanglionException known ? known.errorCode() : ErrorCode.INTERNAL;
        return switch (code) {
            case UNAUTHORIZED -> LoginAndAuditMetrics.Login.WRONG;
            case RATE_LIMITED -> LoginAndAuditMetrics.Login.THROTTLED;
            default -> LoginAndAuditMetrics.Login.FAILED;
        };
    }

    private Future<Reply> refused(Call call, String email) {
        return audited.record(
                        call.context(), AuditRecord.Actor.claimed(email), LOGIN, ErrorCode.UNAUTHORIZED.code(), null)
                .compose(recorded -> Future.failedFuture(
                        new GanglionException(ErrorCode.UNAUTHORIZED, "wrong email address or password")));
    }

    private Future<Reply> open(Call call, Credentials credentials, String address) {
        SessionToken token = SessionToken.random();
        User user = credentials.user();
        return logins.sessions()
                .open(new SessionStore.Opening(
                        UUID.randomUUID().toString(),
                        token.hash(),
                        user.id(),
                        credentials.generation(),
                        call.context().request().getHeader(HttpHeaders.ORIGIN),
                        address,
                        userAgent(call)))
                .compose(opened -> opened.isEmpty()
                        ? refused(call, user.email())
                        : opened(call, new Login(user, opened.get(), token), address));
    }

    private record Login(User user, LoginSession session, SessionToken token) {}

    /** Completes a login. The token leaves the brain only after the login is recorded in the audit. */
    private Future<Reply> opened(Call call, Login login, String address) {
        AuditRecord.Actor actor = AuditRecord.Actor.of(Principal.of(login.user(), login.session()));
        notifyChanged(nodes, login.user().id()); // the login may have ended the user's oldest session
        return audited.record(
                        call.context(),
                        actor,
                        LOGIN,
                        AuditRecord.OK,
                        login.session().id())
                .compose(recorded -> logins.throttle().succeeded(login.user().email(), address))
                .compose(done -> slugs.of(login.user().roles().keySet()))
                .map(names -> {
                    boolean secure = source.secure(call.context().request());
                    Duration lifetime = Duration.between(
                            login.session().createdAt(), login.session().expiresAt());
                    return Reply.ok(new JsonObject()
                                    .put("user", PeopleJson.user(login.user(), names))
                                    .put("csrf_token", login.token().csrf()))
                            .with(HttpHeaders.SET_COOKIE, SessionCookie.set(login.token(), lifetime, secure));
                });
    }

    private static @Nullable String userAgent(Call call) {
        String header = call.context().request().getHeader(HttpHeaders.USER_AGENT);
        return header == null || header.length() <= MAX_USER_AGENT ? header : header.substring(0, MAX_USER_AGENT);
    }

    private Future<Reply> logout(Call call) {
        LoginSession session = call.principal().session();
        boolean secure = source.secure(call.context().request());
        Reply loggedOut = Reply.noContent().with(HttpHeaders.SET_COOKIE, SessionCookie.clear(secure));
        if (session == null) { // a key has no login
            call.changesNothing();
            return Future.succeededFuture(Reply.noContent());
        }
        return end(session.userId(), session.id()).map(loggedOut);
    }

    private Future<Reply> me(Call call) {
        Principal me = call.principal();
        SessionToken token = SessionCookie.read(call.context().request(), source);
        return own(me).compose(user -> slugs.of(me.roles().keySet()).map(names -> {
            LoginSession session = me.session();
            return Reply.ok(new JsonObject()
                    .put("kind", me.kind().wireName())
                    .put("name", me.name())
                    .put("is_admin", me.globalAdmin())
                    .put(
                            "role",
                            me.roleEverywhere() == null
                                    ? null
                                    : me.roleEverywhere().wireName())
                    .put("roles", PeopleJson.roles(me.roles(), names))
                    .put(
                            "user",
                            user.map(known -> PeopleJson.user(known, names)).orElse(null))
                    .put("session", session == null ? null : PeopleJson.session(session, session.id()))
                    .put("csrf_token", session == null || token == null ? null : token.csrf()));
        }));
    }

    private Future<Optional<User>> own(Principal me) {
        return me.kind() == Principal.Kind.USER
                ? logins.users().find(me.id())
                : Future.succeededFuture(Optional.empty());
    }

    private Future<Reply> list(Call call) {
        LoginSession session = call.principal().session();
        Future<List<LoginSession>> own = session == null
                ? Future.succeededFuture(List.of())
                : logins.sessions().list(session.userId());
        String current = session == null ? null : session.id();
        return own.map(all -> Reply.page(all, null, each -> PeopleJson.session(each, current)));
    }

    private Future<Reply> revoke(Call call) {
        return end(call.principal().id(), call.path("id")).map(known -> {
            if (!known) {
                throw new GanglionException(ErrorCode.NOT_FOUND, "you have no session with this id", "id");
            }
            return Reply.noContent();
        });
    }

    private Future<Boolean> end(String userId, String sessionId) {
        return logins.sessions().end(userId, sessionId).map(known -> {
            if (known) {
                notifyEnded(nodes, List.of(sessionId));
            }
            return known;
        });
    }
}
