package dev.ganglion.api.dashboard;

import dev.ganglion.api.request.AllowedMethods;
import dev.ganglion.socket.ResponseWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and its assets. It looks up request paths in a map of the known files and never builds a file path
 * from them.
 */
public final class PageRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(PageRoutes.class);
    private static final String ASSETS = "/assets/";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    /** The browser may store the file but must revalidate it each time. */
    private static final String REVALIDATE = "no-cache";

    private final PageFiles files;

    public PageRoutes(PageFiles files) {
        this.files = files;
    }

    public void mount(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/").handler(context -> send(context, files.index(), REVALIDATE));
            router.route(method, ASSETS + ":version/*").handler(this::asset);
        }
        AllowedMethods.rejectOthers(router, "/", "GET, HEAD");
        AllowedMethods.rejectOthers(router, ASSETS + ":version/*", "GET, HEAD");
    }

    /**
     * Serves an asset. While nodes of two versions run side by side, a page of one version may request its files from
     * the other. The node then serves its own version and forbids caching.
     */
    private void asset(RoutingContext context) {
        String version = context.pathParam("version");
        PageFile file = files.assets().get(context.pathParam("*"));
        if (file == null) {
            context.fail(404);
        } else {
            send(context, file, version.equals(files.version()) ? IMMUTABLE : "no-store");
        }
    }

    private static void send(RoutingContext context, PageFile file, String caching) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        HEADERS.forEach(response::putHeader);
        Buffer zipped = accepts(request, "gzip") ? file.zipped() : null;
        String tag = '"' + file.hash() + (zipped == null ? "" : "-gzip") + '"';
        response.putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.VARY, "Accept-Encoding");
        Future<Void> sent;
        if (matches(request, tag)) {
            sent = response.setStatusCode(304).end();
        } else {
            Buffer body = zipped == null ? file.plain() : zipped;
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
            if (zipped != null) {
                response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            }
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            sent = request.method().equals(HttpMethod.HEAD)
                    ? response.end()
                    : ResponseWriter.end(context.vertx(), request, body);
        }
        sent.onFailure(failure -> LOG.trace("The caller disconnected before the response was sent", failure));
    }

    private static boolean accepts(HttpServerRequest request, String coding) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (String each : accepted.split(",", 20)) {
            String[] parts = each.split(";", 2);
            boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
            if (parts[0].strip().equalsIgnoreCase(coding) && !refused) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(HttpServerRequest request, String tag) {
        String tags = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        return tags != null
                && (tags.strip().equals("*") || List.of(tags.split(",\\s*", 20)).contains(tag));
    }
}
