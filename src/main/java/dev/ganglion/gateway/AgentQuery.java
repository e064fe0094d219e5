package dev.ganglion.gateway;

import dev.ganglion.config.key.Spelling;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds query parameters that a path of agents does not have, and repeated ones. Released agents send neither. */
public final class AgentQuery {
    private static final int MAX_SHOWN = 100;

    private AgentQuery() {}

    /**
     * Returns what is wrong with the query of a request; empty if nothing is.
     *
     * @param known names of the parameters that the path has
     */
    public static Optional<String> fault(HttpServerRequest request, Set<String> known) {
        if (request.query() == null) {
            return Optional.empty();
        }
        MultiMap given;
        try {
            given = request.params(true);
        } catch (IllegalArgumentException e) {
            return Optional.of("query: must be percent-encoded UTF-8");
        }
        for (String name : given.names()) {
            String shown = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN);
            if (!known.contains(name)) {
                String hint = Spelling.nearest(name, new TreeSet<>(known))
                        .map(nearest -> "the nearest known one is " + nearest)
                        .orElse("this path has none, so remove it");
                return Optional.of(shown + ": unknown query parameter; " + hint);
            } else if (given.getAll(name).size() > 1) {
                return Optional.of(shown + ": given more than once; give it once");
            }
        }
        return Optional.empty();
    }
}
