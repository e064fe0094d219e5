package dev.ganglion.benchmarks.verify;

import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.EventBatchAck;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;

/** The compared ways to handle a frame. Each method handles one frame and returns a number that depends on it. */
public final class Variants {
    private static final Instant NOW = Instant.parse(SampleFrame.TIME);

    private final Mac mac = SampleFrame.mac();
    private final ProjectKey key = SampleFrame.key();
    private final SessionBinding binding = SampleFrame.binding();
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private final FrameVerifier verifier = new FrameVerifier(key, binding, SampleFrame.ENCODING);
    private final FrameSigner signer = new FrameSigner(key, binding);
    private final byte[] hmac = new byte[32];
    private final byte[] scratch = new byte[ProtocolLimits.MAX_FRAME_BYTES];

    /** Copies the message: the least that reading it from the socket's buffer costs. */
    public int copy(SampleFrame frame) {
        System.arraycopy(frame.wire(), 0, scratch, 0, frame.wire().length);
        return scratch[frame.wire().length - 1];
    }

    /** Computes the HMAC over bytes that are canonical already: the lower bound. */
    public int hmac(SampleFrame frame) throws Exception {
        mac.update(frame.canonical());
        mac.doFinal(hmac, 0);
        return hmac[0];
    }

    /** Tokenises the frame, nothing else. */
    public int read(SampleFrame frame) {
        reader.read(frame.wire(), 0, frame.wire().length);
        return 1;
    }

    /** Verifies the signature, from the bytes of the wire to the result. */
    public int verify(SampleFrame frame) {
        reader.read(frame.wire(), 0, frame.wire().length);
        return check(verifier.isAuthentic(reader));
    }

    /** Verifies the signature, makes all further checks, and builds the frame's record with a copy of the events. */
    public int verifyAndTake(SampleFrame frame) {
        reader.read(frame.wire(), 0, frame.wire().length);
        return new FrameVerifier(key, binding, SampleFrame.ENCODING)
                .verify(reader, NOW)
                .id()
                .length();
    }

    /** Signs the brain's answer, an acknowledgement, for the wire. */
    public int signAck(SampleFrame frame) {
        EventBatchAck ack = new EventBatchAck("f_0_b120f0bbe9cf", "f_0_b120f0bbe9cf", 100, 100, 0);
        return signer.sign(ack, SampleFrame.ENCODING, NOW).length + frame.wire().length;
    }

    /**
     * Verifies the signature the obvious way: parses a tree of Vert.x JSON, sorts it, encodes it and computes the HMAC.
     */
    public int jsonObject(SampleFrame frame) {
        JsonObject parsed = new JsonObject(Buffer.buffer(frame.wire()));
        String given = (String) parsed.remove("hmac");
        parsed.put("agent_id", SampleFrame.AGENT_ID);
        parsed.put("project_id", SampleFrame.PROJECT_ID);
        parsed.put("session_id", SampleFrame.SESSION_ID);
        byte[] canonical = new JsonObject(sorted(parsed)).toBuffer().getBytes();
        return check(
                MessageDigest.isEqual(mac.doFinal(canonical), HexFormat.of().parseHex(given)));
    }

    private static Map<String, Object> sorted(JsonObject object) {
        Map<String, Object> sorted = new TreeMap<>();
        for (Map.Entry<String, Object> entry : object) {
            sorted.put(entry.getKey(), sorted(entry.getValue()));
        }
        return sorted;
    }

    private static Object sorted(Object value) {
        if (value instanceof JsonObject object) {
            return sorted(object);
        }
        if (value instanceof JsonArray array) {
            List<Object> list = new ArrayList<>(array.size());
            array.forEach(element -> list.add(sorted(element)));
            return list;
        }
        return value;
    }

    private static int check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("The verifier rejected a valid frame");
        }
        return 1;
    }
}
