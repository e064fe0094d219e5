package dev.ganglion.api.dashboard;

import dev.ganglion.api.request.RequestServices;
import dev.ganglion.api.request.SessionCookie;
import dev.ganglion.auth.people.LoginSession;
import dev.ganglion.auth.people.SessionToken;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** Authenticates dashboard visitors by the cookie of their login session. */
public final class CookieVisitors implements DashboardAccess {
    private final RequestServices services;

    public CookieVisitors(RequestServices services) {
        this.services = services;
    }

    @Override
    public Future<Optional<Visitor>> visitor(HttpServerRequest request) {
        SessionToken token = SessionCookie.read(request, services.source());
        if (token == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return services.principals()
                .bySession(token, true)
                .map(found -> found.flatMap(principal -> Optional.ofNullable(principal.session()))
                        .map(login -> new LoggedInVisitor(token, login)));
    }

    private final class LoggedInVisitor implements Visitor {
        private final SessionToken token;
        private final LoginSession login;

        private LoggedInVisitor(SessionToken token, LoginSession login) {
            this.token = token;
            this.login = login;
        }

        @Override
        public String sessionId() {
            return login.id();
        }

        @Override
        public String userId() {
            return login.userId();
        }

        @Override
        public boolean isFrom(String origin) {
            return origin.equals(login.origin());
        }

        /**
         * Checks the standing without extending the session. An open socket does not keep a session from idling out;
         * only the requests of its page do.
         */
        @Override
        public Future<Standing> standing(String projectId) {
            return services.principals().bySession(token, false).compose(found -> {
                if (found.isEmpty()) {
                    return Future.succeededFuture(Standing.GONE);
                } else if (found.get().roleIn(projectId).isEmpty()) {
                    return Future.succeededFuture(Standing.NO_ROLE);
                }
                return services.projects()
                        .byIds(List.of(projectId))
                        .map(projects -> projects.isEmpty() ? Standing.NO_ROLE : Standing.ADMITTED);
            });
        }
    }
}
