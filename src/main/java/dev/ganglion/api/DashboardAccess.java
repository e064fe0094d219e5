package dev.ganglion.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** What the dashboard asks of those who know people. A future fails when the store is away. */
interface DashboardAccess {

    /**
     * Somebody who is logged in.
     *
     * @param sessionId names the session, and opens nothing
     * @param origin where the session was logged in from
     */
    record Visitor(String sessionId, String origin) {}

    /** Whose session a request's cookie names; empty for none that stands. */
    Future<Optional<Visitor>> visitor(HttpServerRequest request);

    /** What a session may see of a project, as things are now. */
    Future<Standing> standing(String sessionId, String projectId);

    /** Where a session stands. */
    enum Standing {
        /** It may look. */
        ADMITTED,
        /** It has no role in that project, be it that there is none. */
        NO_ROLE,
        /** There is no such session any more. */
        GONE
    }
}
