package dev.ganglion.api.dashboard;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Authenticates the visitors of the dashboard socket. All futures fail if the store is unavailable. */
interface DashboardAccess {

    /** A logged-in visitor. */
    interface Visitor {
        /** Identifier of the login session. It is not a secret and grants no access. */
        String sessionId();

        /** Identifier of the user. */
        String userId();

        /** Whether the session was opened from {@code origin}. */
        boolean isFrom(String origin);

        /** Checks the current standing of the session in a project. */
        Future<Standing> standing(String projectId);
    }

    /** The standing of a session in a project. */
    enum Standing {
        /** The session has a role in the project. */
        ADMITTED,
        /** The session has no role in the project, or the project does not exist. */
        NO_ROLE,
        /** The session has ended. */
        GONE
    }

    /** Returns the visitor whose session the cookie of the request names; empty if there is no valid session. */
    Future<Optional<Visitor>> visitor(HttpServerRequest request);
}
