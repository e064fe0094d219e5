package dev.ganglion.api.request;

import dev.ganglion.auth.people.SessionToken;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a login session. Under TLS its name has the {@code __Host-} prefix, and only that cookie is read. A
 * neighbouring host without TLS therefore cannot plant a session cookie.
 */
public final class SessionCookie {
    /** Header that repeats the CSRF token, which a page of another origin cannot know. */
    static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String NAME = "ganglion_session";
    private static final String HOST_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** Returns the session token of the request's cookie; null if there is none. */
    public static @Nullable SessionToken read(HttpServerRequest request, RequestSource source) {
        Cookie cookie = request.getCookie(source.secure(request) ? HOST_NAME : NAME);
        return cookie == null ? null : SessionToken.of(cookie.getValue());
    }

    /** Returns the Set-Cookie header that stores the token in the browser. */
    public static String set(SessionToken token, Duration lifetime, boolean secure) {
        return text(token.value(), lifetime.toSeconds(), secure);
    }

    /** Returns the Set-Cookie header that deletes the cookie. */
    public static String clear(boolean secure) {
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
