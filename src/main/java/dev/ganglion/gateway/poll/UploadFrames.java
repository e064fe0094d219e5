package dev.ganglion.gateway.poll;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Extracts the frames from {@code {"frames":["…",…]}} with a streaming parser, without a tree of the whole body. */
final class UploadFrames {
    /** Largest number of frames in one request. */
    static final int MAX_FRAMES = 500;

    private static final int MAX_DEPTH = 64;
    private static final byte[] EMPTY_FRAME = {};
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength((int) PollBody.MAX_BYTES)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private UploadFrames() {}

    /**
     * Returns the frames in order. An element that is not a string becomes an empty frame. The verifier rejects that
     * frame and continues with the next one.
     *
     * @throws GanglionException {@code payload_too_large} for too many frames, {@code invalid_request} for any other
     *     malformed body
     */
    static List<byte[]> of(InputStream body) {
        try (JsonParser parser = JSON.createParser(body)) {
            List<byte[]> frames = null;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("frames");
                if (wanted && frames != null) {
                    throw invalid("has the field twice");
                }
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    frames = frames(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw invalid("continues after the end of the JSON object");
            }
            if (frames == null || frames.isEmpty()) {
                throw invalid("has no frames");
            }
            return frames;
        } catch (IOException notJson) {
            throw invalid("is not JSON");
        }
    }

    private static List<byte[]> frames(JsonParser parser) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (frames.size() == MAX_FRAMES) {
                throw new GanglionException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "frames: at most " + MAX_FRAMES + " per request; send the rest in another request",
                        "frames");
            }
            boolean text = token == JsonToken.VALUE_STRING;
            frames.add(text ? parser.getText().getBytes(StandardCharsets.UTF_8) : EMPTY_FRAME);
            parser.skipChildren();
        }
        return frames;
    }

    private static GanglionException invalid(String problem) {
        return new GanglionException(
                ErrorCode.INVALID_REQUEST,
                "frames: the body " + problem + "; send {\"frames\":[…]} with 1 to " + MAX_FRAMES
                        + " signed frames as strings",
                "frames");
    }
}
