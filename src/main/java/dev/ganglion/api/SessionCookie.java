package dev.ganglion.api;

import dev.ganglion.auth.SessionToken;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a session. Under TLS it is bound to the host by its name, and only that one is read there: what a
 * neighbour without TLS could set does not count.
 */
final class SessionCookie {
    /** The header that repeats what a page of another origin cannot know. */
    static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String NAME = "ganglion_session";
    private static final String HOST_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** The token of the request's cookie; null when it has none. */
    static @Nullable SessionToken read(HttpServerRequest request, RequestSource source) {
        Cookie cookie = request.getCookie(source.secure(request) ? HOST_NAME : NAME);
        return cookie == null ? null : SessionToken.of(cookie.getValue());
    }

    /** The header that sets it. */
    static String set(SessionToken token, Duration lifetime, boolean secure) {
        return text(token.value(), lifetime.toSeconds(), secure);
    }

    /** The header that takes it away. */
    static String clear(boolean secure) {
        return text("", 0, secure);
    }

    private static String text(String value, long maxAge, boolean secure) {
        return Cookie.cookie(secure ? HOST_NAME : NAME, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.STRICT)
                .setMaxAge(maxAge)
                .encode();
    }
}
