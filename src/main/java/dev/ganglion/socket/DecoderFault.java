package dev.ganglion.socket;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** The reason why the decoder rejected a request. */
public enum DecoderFault {
    /** The request line exceeds its limit. */
    LINE_TOO_LONG,
    /** The headers exceed their limit. */
    HEADERS_TOO_LONG,
    /** The bytes are not valid HTTP/1.1. */
    INVALID;

    /** Returns the reason for a request that the decoder could not read. */
    public static DecoderFault of(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            return LINE_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException
                ? HEADERS_TOO_LONG
                : INVALID;
    }
}
