package dev.ganglion.api.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.socket.ResponseWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response to a REST request.
 *
 * @param status HTTP status
 * @param body JSON body; null for none
 * @param headers additional headers
 */
public record Reply(int status, @Nullable Buffer body, Map<CharSequence, String> headers) {
    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

    /** Room for the members of a page around its items: its cursor may have one position per shard. */
    private static final int PAGE_FRAME_BYTES = 4_096;

    /** Creates a response without additional headers. */
    public Reply(int status, @Nullable Buffer body) {
        this(status, body, Map.of());
    }

    /** Returns a copy with this header as the only additional one. */
    public Reply with(CharSequence header, String value) {
        return new Reply(status, body, Map.of(header, value));
    }

    public static Reply ok(JsonObject body) {
        return new Reply(200, body.toBuffer());
    }

    public static Reply ok(Buffer body) {
        return new Reply(200, body);
    }

    public static Reply created(JsonObject body) {
        return new Reply(201, body.toBuffer());
    }

    public static Reply accepted(Buffer body) {
        return new Reply(202, body);
    }

    public static Reply noContent() {
        return new Reply(204, null);
    }

    /**
     * Returns a page of a list.
     *
     * @param nextCursor position after this page; null for the last page
     * @param view converts an item to JSON
     */
    public static <T> Reply page(List<T> items, @Nullable String nextCursor, Function<T, JsonObject> view) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(view.apply(item)));
        return ok(new JsonObject().put("items", array).put("next_cursor", nextCursor));
    }

    /**
     * Returns a page of items that are JSON already. Their bytes are copied unchanged.
     *
     * @param nextCursor position after this page; null for the last page
     */
    public static Reply rawPage(List<Json> items, @Nullable String nextCursor) {
        int size = items.stream().mapToInt(item -> item.size() + 1).sum();
        Buffer body = Buffer.buffer(size + PAGE_FRAME_BYTES).appendString("{\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            body.appendString(i > 0 ? "," : "").appendBytes(items.get(i).utf8());
        }
        return endPage(body, nextCursor);
    }

    /**
     * Returns a page of items, each of which becomes JSON only when its turn comes.
     *
     * @param nextCursor position after this page; null for the last page
     * @param view converts an item to JSON
     */
    public static <T> Reply rawPage(List<T> items, @Nullable String nextCursor, Function<T, Buffer> view) {
        Buffer body = Buffer.buffer("{\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            body.appendString(i > 0 ? "," : "").appendBuffer(view.apply(items.get(i)));
        }
        return endPage(body, nextCursor);
    }

    private static Reply endPage(Buffer body, @Nullable String nextCursor) {
        // A cursor is URL-safe text and needs no escapes.
        return ok(body.appendString("],\"next_cursor\":")
                .appendString(nextCursor == null ? "null" : '"' + nextCursor + '"')
                .appendString("}"));
    }

    /** The number of bytes of the body. */
    int size() {
        return body == null ? 0 : body.length();
    }

    /**
     * Sends this response, unless another one was sent or the caller has disconnected. The future ends when the caller
     * has received the response, or can no longer receive it.
     */
    @CanIgnoreReturnValue
    public Future<Void> sendTo(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
        Future<Void> sent;
        if (body == null) {
            sent = response.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            sent = ResponseWriter.end(context.vertx(), context.request(), body);
        }
        return sent.onFailure(gone -> LOG.trace("The caller disconnected before the response was sent", gone));
    }
}
