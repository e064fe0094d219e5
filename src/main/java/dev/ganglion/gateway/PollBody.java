package dev.ganglion.gateway;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
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
 * The body of one request, read piece by piece and bounded, alone and with all others of the node. What is over a bound
 * is read on and dropped, for a while: agents look at the answer only when they have sent all.
 */
final class PollBody {
    /** The largest body. */
    static final long MAX_BYTES = 64L << 20;
    /** For so long a body may take. */
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
     * Reads it. Fails with {@code payload_too_large}, or with {@code node_busy} when the node has no room for it or it
     * does not come in time.
     */
    Future<PollBody> read(ListenerScope scope) {
        if (announced() > MAX_BYTES) {
            refuse(tooLarge());
        }
        long timer = scope.after(LIMIT_MS, () -> {
            refuse(new GanglionException(ErrorCode.NODE_BUSY, "the body did not come in time"));
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
            refuse(new GanglionException(ErrorCode.NODE_BUSY, "this node is reading as much as it can, try again"));
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
                ErrorCode.PAYLOAD_TOO_LARGE, "a body has at most " + MAX_BYTES + " bytes, send fewer frames at once");
    }

    long size() {
        return bytes;
    }

    InputStream stream() {
        return new SequenceInputStream(Collections.enumeration(pieces));
    }
}
