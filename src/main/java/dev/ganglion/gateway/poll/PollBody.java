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
 * read and dropped, up to 256 MiB; beyond that the connection is closed.
 */
final class PollBody {
    /** Largest body, in bytes (64 MiB). */
    static final long MAX_BYTES = 64L << 20;
    /** Longest time that a body may take to arrive, in milliseconds. */
    static final long LIMIT_MS = 60_000;

    private static final long MAX_DROPPED = 4 * MAX_BYTES;

    private final HttpServerRequest request;
    private final PollBudget.Share share;
    private final List<InputStream> pieces = new ArrayList<>();
    private final Promise<PollBody> whole = Promise.promise();
    private long bytes;
    private long dropped;

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
            dropped = MAX_DROPPED;
        });
        request.handler(this::piece);
        request.endHandler(end -> whole.tryComplete(this));
        request.exceptionHandler(whole::tryFail);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && !whole.future().isComplete()) {
            request.response().writeContinue().onFailure(whole::tryFail);
        }
        request.resume();
        return whole.future().onComplete(done -> scope.cancel(timer));
    }

    private long announced() {
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException notANumber) {
            return Long.MAX_VALUE;
        }
    }

    private void piece(Buffer piece) {
        if (whole.future().isComplete()) {
            dropped += piece.length();
            if (dropped > MAX_DROPPED) {
                request.connection().close().onFailure(whole::tryFail);
            }
        } else if (bytes + piece.length() > MAX_BYTES) {
            refuse(tooLarge());
        } else if (!share.take(piece.length())) {
            refuse(new GanglionException(ErrorCode.NODE_BUSY, "the upload buffers of this node are full; retry later"));
        } else {
            bytes += piece.length();
            pieces.add(new ByteArrayInputStream(piece.getBytes()));
        }
    }

    private void refuse(GanglionException why) {
        pieces.clear();
        whole.tryFail(why);
    }

    private static GanglionException tooLarge() {
        return new GanglionException(
                ErrorCode.PAYLOAD_TOO_LARGE, "the body exceeds " + MAX_BYTES + " bytes; send fewer frames per request");
    }

    long size() {
        return bytes;
    }

    InputStream stream() {
        return new SequenceInputStream(Collections.enumeration(pieces));
    }
}
