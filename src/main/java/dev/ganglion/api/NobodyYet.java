package dev.ganglion.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Knows nobody. */
final class NobodyYet implements DashboardAccess {
    @Override
    public Future<Optional<Visitor>> visitor(HttpServerRequest request) {
        return Future.succeededFuture(Optional.empty());
    }
}
