package dev.ganglion.api;

import io.vertx.core.http.HttpServerRequest;

/** Where a request came from, as far as proxies in front are believed. */
public interface RequestSource {
    /** The client's address. */
    String address(HttpServerRequest request);

    /** Whether the client's own connection was TLS. */
    boolean secure(HttpServerRequest request);
}
