package dev.ganglion.api.request;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes the query of a request. Only {@code &} separates parameters, and every encoding must be valid UTF-8. */
public final class QueryText {
    private static final int HEX = 16;

    private QueryText() {}

    /**
     * Returns the values of each parameter, in the order of the query. Fails with {@code invalid_request} if the query
     * is not percent-encoded UTF-8.
     */
    public static Map<String, List<String>> of(RoutingContext context) {
        return parse(context.request().query());
    }

    static Map<String, List<String>> parse(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query == null) {
            return parameters;
        }
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int sign = pair.indexOf('=');
                String name = sign < 0 ? pair : pair.substring(0, sign);
                String value = sign < 0 ? "" : pair.substring(sign + 1);
                parameters
                        .computeIfAbsent(decode(name, true), first -> new ArrayList<>(1))
                        .add(decode(value, true));
            }
        }
        return parameters;
    }

    /**
     * Decodes percent-encoded text strictly.
     *
     * @param form whether {@code +} means a space, as in a query; in a path it is a plus sign
     */
    static String decode(String text, boolean form) {
        byte[] octets = new byte[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), HEX) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), HEX) : -1;
                if (high < 0 || low < 0) {
                    throw unreadable();
                }
                c = (char) (high * HEX + low);
                i += 2;
            } else if (c > '~') {
                throw unreadable();
            } else if (c == '+' && form) {
                c = ' ';
            }
            octets[size++] = (byte) c;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, size))
                    .toString();
        } catch (CharacterCodingException e) {
            throw unreadable();
        }
    }

    private static GanglionException unreadable() {
        return new GanglionException(ErrorCode.INVALID_REQUEST, "query: must be percent-encoded UTF-8");
    }
}
