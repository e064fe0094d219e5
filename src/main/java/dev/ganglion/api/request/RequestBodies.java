package dev.ganglion.api.request;

import dev.ganglion.auth.people.Principal;
import dev.ganglion.budget.ByteBudget;
import dev.ganglion.budget.UploadPace;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.socket.ResponseWriter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Reads request bodies within the caller's share of the node's memory for uploads. A body that stalls ends the
 * connection.
 */
public final class RequestBodies {
    private static final long MAX_BYTES = 1 << 20;
    /** Largest body of an operation without authentication: a login, or the creation of the first user. */
    private static final long MAX_ANONYMOUS_BYTES = 64 << 10;
    /** Bytes of memory per byte of a body. The tree of a JSON document is several times as large as its text. */
    private static final int WEIGHT = 8;

    private final ByteBudget budget;
    private final RequestSource source;
    private final BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BYTES);
    private final BodyHandler anonymousBodies = BodyHandler.create(false).setBodyLimit(MAX_ANONYMOUS_BYTES);

    public RequestBodies(ByteBudget budget, RequestSource source) {
        this.budget = budget;
        this.source = source;
    }

    /** Reads the body of a request, and passes the request on. */
    public void read(RoutingContext context) {
        Principal principal = Admission.principalOf(context);
        BodyHandler reader = principal == null ? anonymousBodies : bodies;
        long announced = announced(context.request(), principal == null ? MAX_ANONYMOUS_BYTES : MAX_BYTES);
        if (announced == 0) {
            reader.handle(context);
            return;
        }
        ByteBudget.Reservation memory = budget.open(Call.client(principal, context.request(), source));
        if (!memory.take(Math.min(WEIGHT * announced, budget.largestShare()))) {
            budget.refused();
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.NODE_BUSY,
                            "the caller's share of the upload buffers of this node is full; retry later"));
            return;
        }
        long timer = watch(context);
        context.addEndHandler(done -> {
            context.vertx().cancelTimer(timer);
            memory.release();
        });
        reader.handle(context);
    }

    /** Ends the connection of a request whose body stalls. */
    private long watch(RoutingContext context) {
        HttpServerRequest request = context.request();
        UploadPace pace = new UploadPace();
        return context.vertx().setPeriodic(UploadPace.INTERVAL_MS, timer -> {
            if (request.isEnded()) {
                context.vertx().cancelTimer(timer);
            } else if (pace.tooSlow(request.bytesRead())) {
                context.vertx().cancelTimer(timer);
                budget.refused();
                context.addEndHandler(done -> ResponseWriter.cut(request));
                ErrorResponses.answer(
                        context,
                        new GanglionException(ErrorCode.NODE_BUSY, "the body arrives too slowly; send it again"));
            }
        });
    }

    /** The bytes of a body, or the largest size that is read if the request does not announce them. */
    private static long announced(HttpServerRequest request, long max) {
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return max;
        }
        try {
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            return length == null ? 0 : Math.min(max, Long.parseLong(length));
        } catch (NumberFormatException notANumber) {
            return max;
        }
    }
}
