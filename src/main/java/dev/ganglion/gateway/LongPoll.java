package dev.ganglion.gateway;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/** Serves the agents that use long polling instead of a WebSocket. Each listener has an instance of its own. */
public interface LongPoll extends Handler<HttpServerRequest> {
    /** Creates the instance of one listener. */
    @FunctionalInterface
    interface Factory {
        /** An instance that runs on the event loop of {@code scope}. */
        LongPoll create(ListenerScope scope);
    }

    /** Whether requests for this path belong to long-poll agents. */
    boolean serves(String path);

    /** Ends all waiting polls because the node is leaving, so that agents ask another node. */
    void endAll();

    /** Ends the waiting polls of an agent that was revoked. */
    void revoked(String agentId);
}
