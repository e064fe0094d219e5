package dev.ganglion.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** What the dashboard asks of those who know people. A future fails when the store is away. */
interface DashboardAccess {

    /** Somebody who is logged in. */
    interface Visitor {
        /** Names the session, and opens nothing. */
        String sessionId();

        /** Whether the session was logged in from there. */
        boolean isFrom(String origin);

        /** Where the session stands in a project, as things are now. */
        Future<Standing> standing(String projectId);
    }

    /** Where a session stands in a project. */
    enum Standing {
        /** It may look. */
        ADMITTED,
        /** It has no role in that project, be it that there is none. */
        NO_ROLE,
        /** There is no such session any more. */
        GONE
    }

    /** Whose session a request's cookie names; empty for none that stands. */
    Future<Optional<Visitor>> visitor(HttpServerRequest request);
}
