package dev.ganglion.gateway.poll;

import dev.ganglion.gateway.ListenerScope;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads the body of one long-poll request, within a limit of its own and within the budget of the node.
 *
 * <p>Agents read the response only after they have sent the whole body. Once a limit is exceeded, the rest is therefore
 * read and discarded, up to 256 MiB; beyond that the connection is closed.
 */
final class PollBody {
    /** Largest body, in bytes (64 MiB). */
    static final long MAX_BYTES = 64L << 20;
    /** Longest time that a body may take to arrive, in milliseconds. */
    static final long LIMIT_MS = 60_000;

    private static final long MAX_DISCARDED_BYTES = 4 * MAX_BYTES;

    private final HttpServerRequest request;
    private final PollBudget.Share share;
    private final List<InputStream> chunks = new ArrayList<>();
    private final Promise<PollBody> body = Promise.promise();
    private long bytes;
    private long discarded;

    PollBody(HttpServerRequest request, PollBudget.Share share) {
        this.request = request;
        this.share = share;
    }

    /**
     * Reads the body. The returned future fails with {@code payload_too_large} if the body exceeds {@link #MAX_BYTES}.
     * It fails with {@code node_busy} if the budget of the node is exhausted or the body does not arrive within {@link
     * #LIMIT_MS}.
     */
    Future<PollBody> read(ListenerScope scope) {
        if (announced() > MAX_BYTES) {
            refuse(tooLarge());
        }
        long timer = scope.after(LIMIT_MS, () -> {
            refuse(new GanglionException(ErrorCode.NODE_BUSY, "the body did not arrive within 60 s; send it again"));
            discarded = MAX_DISCARDED_BYTES;
        });
        request.handler(this::chunk);
        request.endHandler(end -> body.tryComplete(this));
        request.exceptionHandler(body::tryFail);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && !body.future().isComplete()) {
            request.response().writeContinue().onFailure(body::tryFail);
        }
        request.resume();
        return body.future().onComplete(done -> scope.cancel(timer));
    }

    private long announced() {
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            return Long.MAX_VALUE;
        }
    }

    private void chunk(Buffer chunk) {
        if (body.future().isComplete()) {
            discarded += chunk.length();
            if (discarded > MAX_DISCARDED_BYTES) {
                request.connection().close().onFailure(body::tryFail);
            }
        } else if (bytes + chunk.length() > MAX_BYTES) {
            refuse(tooLarge());
        } else if (!share.take(chunk.length())) {
            refuse(new GanglionException(ErrorCode.NODE_BUSY, "the upload buffers of this node are full; retry later"));
        } else {
            bytes += chunk.length();
            chunks.add(new ByteArrayInputStream(chunk.getBytes()));
        }
    }

    private void refuse(GanglionException error) {
        chunks.clear();
        body.tryFail(error);
    }

    private static GanglionException tooLarge() {
        return new GanglionException(
                ErrorCode.PAYLOAD_TOO_LARGE, "the body exceeds " + MAX_BYTES + " bytes; send fewer frames per request");
    }

    long size() {
        return bytes;
    }

    InputStream stream() {
        return new SequenceInputStream(Collections.enumeration(chunks));
    }
}
