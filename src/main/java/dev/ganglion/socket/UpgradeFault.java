package dev.ganglion.socket;

import dev.ganglion.protocol.error.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The reason why a WebSocket upgrade cannot succeed. Vert.x would log some of them as errors, and would speak drafts of
 * the protocol, which have other rules.
 *
 * @param code {@code UPGRADE_REQUIRED} for another version of the protocol, else {@code INVALID_REQUEST}
 * @param message explanation for people, which names the header and the fix
 */
public record UpgradeFault(ErrorCode code, String message) {
    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String VERSION = "13";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";

    /** Returns the fault of an upgrade request. With another version, names the supported one in the response. */
    public static Optional<UpgradeFault> of(HttpServerRequest request) {
        if (!request.headers().getAll(VERSION_HEADER).equals(List.of(VERSION))) {
            request.response().putHeader(VERSION_HEADER, VERSION);
            return Optional.of(new UpgradeFault(
                    ErrorCode.UPGRADE_REQUIRED,
                    VERSION_HEADER + ": only version 13 (RFC 6455) is supported; send the header once, with 13"));
        }
        List<String> connection = request.headers().getAll(HttpHeaders.CONNECTION);
        if (!String.join(",", connection).toLowerCase(Locale.ROOT).contains("upgrade")) {
            return invalid("Connection: an upgrade needs the value Upgrade; a proxy may have removed it");
        }
        if (request.headers().getAll(KEY_HEADER).size() != 1) {
            return invalid(KEY_HEADER + ": send the header once");
        }
        return isUri(request.uri()) ? Optional.empty() : invalid("the path or the query is not a valid URI");
    }

    private static Optional<UpgradeFault> invalid(String message) {
        return Optional.of(new UpgradeFault(ErrorCode.INVALID_REQUEST, message));
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).getRawPath() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
