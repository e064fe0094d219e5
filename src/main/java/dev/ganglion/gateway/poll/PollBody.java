package dev.ganglion.gateway.poll;

import dev.ganglion.budget.ByteBudget;
import dev.ganglion.budget.UploadPace;
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
 * Reads the body of one long-poll request, within a limit of its own and within the agent's share of the node's budget.
 * A body that stalls gives its memory back.
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
    private final ByteBudget budget;
    private final ByteBudget.Reservation share;
    private final UploadPace pace = new UploadPace();
    private final List<InputStream> chunks = new ArrayList<>();
    private final Promise<PollBody> body = Promise.promise();
    private long bytes;
    private long discarded;

    PollBody(HttpServerRequest request, ByteBudget budget, ByteBudget.Reservation share) {
        this.request = request;
        this.budget = budget;
        this.share = share;
    }

    /**
     * Reads the body. The returned future fails with {@code payload_too_large} if the body exceeds {@link #MAX_BYTES} or
     * the largest share of an agent. It fails with {@code node_busy} if the agent's share of the budget is exhausted, the
     * body stalls, or it does not arrive within {@link #LIMIT_MS}.
     */
    Future<PollBody> read(ListenerScope scope) {
        if (announced() > maxBytes()) {
            refuse(tooLarge());
        }
        long timer = scope.after(
                LIMIT_MS,
                () -> giveUp("the body did not arrive within 60 s; send it again, or send fewer frames at once"));
        long paceTimer = scope.every(UploadPace.INTERVAL_MS, () -> {
            if (pace.tooSlow(bytes)) {
                giveUp("the body arrives too slowly; send it again, or send fewer frames at once");
            }
        });
        request.handler(this::chunk);
        request.endHandler(end -> body.tryComplete(this));
        request.exceptionHandler(body::tryFail);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && !body.future().isComplete()) {
            request.response().writeContinue().onFailure(body::tryFail);
        }
        request.resume();
        return body.future().onComplete(done -> {
            scope.cancel(timer);
            scope.cancel(paceTimer);
        });
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
        } else if (bytes + chunk.length() > maxBytes()) {
            refuse(tooLarge());
        } else if (!share.take(chunk.length())) {
            budget.refused();
            refuse(new GanglionException(
                    ErrorCode.NODE_BUSY, "the agent's share of the upload buffers of this node is full; retry later"));
        } else {
            bytes += chunk.length();
            chunks.add(new ByteArrayInputStream(chunk.getBytes()));
        }
    }

    private long maxBytes() {
        return Math.min(MAX_BYTES, budget.largestShare());
    }

    /** Ends a body that does not arrive in time. The connection closes when more of the body arrives. */
    private void giveUp(String reason) {
        if (!body.future().isComplete()) {
            budget.refused();
            refuse(new GanglionException(ErrorCode.NODE_BUSY, reason));
            discarded = MAX_DISCARDED_BYTES;
        }
    }

    private void refuse(GanglionException error) {
        chunks.clear();
        body.tryFail(error);
    }

    private GanglionException tooLarge() {
        return new GanglionException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "the body exceeds " + maxBytes() + " bytes; send fewer frames per request");
    }

    long size() {
        return bytes;
    }

    InputStream stream() {
        return new SequenceInputStream(Collections.enumeration(chunks));
    }
}
