package dev.ganglion.api.request;

import io.vertx.core.http.HttpServerRequest;

/** Determines where a request came from, taking trusted proxies into account. */
public interface RequestSource {
    /** The address of the client. */
    String address(HttpServerRequest request);

    /** Whether the client itself connected over TLS. */
    boolean secure(HttpServerRequest request);
}
