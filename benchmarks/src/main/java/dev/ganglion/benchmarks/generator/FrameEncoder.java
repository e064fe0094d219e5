package dev.ganglion.benchmarks.generator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the frames of an agent's session and encodes them as WebSocket messages, at little more than the cost of the
 * signature. Payloads arrive in canonical form and already masked.
 *
 * <p>The mask is one byte repeated four times, so it fits at any offset. The server does the same unmasking work as
 * with any other mask. Not thread-safe.
 */
final class FrameEncoder {
    static final byte MASK = 0x5A;

    private static final int TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int MAX_HEAD = 14;
    private static final int SHORT = 126;
    private static final int LONG = 127;
    private static final int FIRST_PAYLOAD = 1 << 16;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final Mac mac;
    private final byte[] hmac = new byte[32];
    private byte[] out = new byte[FIRST_PAYLOAD];
    private long stampedAt;
    private String stamp = "";

    FrameEncoder(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The identity of a session and its last sequence number. */
    static final class Session {
        private final String agentPart;
        private final String tailPart;
        private final String sessionPart;
        private final String mark;
        private long seq;

        Session(String agentId, String projectId, String sessionId) {
            agentPart = "{\"agent_id\":\"" + agentId + "\",\"id\":\"";
            tailPart = ",\"project_id\":\"" + projectId + "\",\"seq\":";
            sessionPart = ",\"session_id\":\"" + sessionId + "\",\"ts\":\"";
            mark = sessionId.substring(0, Math.min(8, sessionId.length()));
        }

        /** A part of frame ids that is unique to this session. */
        String mark() {
            return mark;
        }
    }

    /** Encodes an unsigned message. */
    Buffer plain(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        int head = head(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            out[head + i] = (byte) (bytes[i] ^ MASK);
        }
        return message(head + bytes.length);
    }

    /** Signs a frame and encodes it as a message. */
    Buffer frame(Session session, String type, String id, Payload payload) {
        String seq = Long.toString(++session.seq);
        String nonce = session.mark + "-" + seq;
        String ts = now();
        mac.update(ascii(session.agentPart + id + "\",\"nonce\":\"" + nonce + "\",\"payload\":"));
        mac.update(payload.canonical());
        mac.update(ascii(session.tailPart + seq + session.sessionPart + ts + "\",\"type\":\"" + type + "\",\"v\":2}"));
        byte[] front = ascii("{\"v\":2,\"id\":\"" + id + "\",\"ts\":\"" + ts + "\",\"nonce\":\"" + nonce + "\",\"seq\":"
                + seq + ",\"hmac\":\"" + signature() + "\",\"type\":\"" + type + "\",\"payload\":");
        int length = front.length + payload.masked().length + 1;
        int at = head(length);
        for (byte b : front) {
            out[at++] = (byte) (b ^ MASK);
        }
        System.arraycopy(payload.masked(), 0, out, at, payload.masked().length);
        at += payload.masked().length;
        out[at++] = (byte) ('}' ^ MASK);
        return message(at);
    }

    /** Encodes a control message, such as a pong or a close. */
    static Buffer control(int opcode, byte[] body) {
        Buffer message = Buffer.buffer(6 + body.length)
                .appendByte((byte) (MASKED | opcode))
                .appendByte((byte) (MASKED | body.length))
                .appendByte(MASK)
                .appendByte(MASK)
                .appendByte(MASK)
                .appendByte(MASK);
        for (byte b : body) {
            message.appendByte((byte) (b ^ MASK));
        }
        return message;
    }

    private String signature() {
        try {
            mac.doFinal(hmac, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        char[] text = new char[2 * hmac.length];
        for (int i = 0; i < hmac.length; i++) {
            text[2 * i] = HEX[hmac[i] >> 4 & 0xF];
            text[2 * i + 1] = HEX[hmac[i] & 0xF];
        }
        return new String(text);
    }

    private int head(int length) {
        if (out.length < length + MAX_HEAD) {
            out = new byte[length + MAX_HEAD];
        }
        int at = 0;
        out[at++] = (byte) TEXT;
        if (length < SHORT) {
            out[at++] = (byte) (MASKED | length);
        } else if (length < 1 << 16) {
            out[at++] = (byte) (MASKED | SHORT);
            out[at++] = (byte) (length >> 8);
            out[at++] = (byte) length;
        } else {
            out[at++] = (byte) (MASKED | LONG);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out[at++] = (byte) ((long) length >> shift);
            }
        }
        for (int i = 0; i < 4; i++) {
            out[at++] = MASK;
        }
        return at;
    }

    private Buffer message(int end) {
        return Buffer.buffer(end).appendBytes(out, 0, end);
    }

    /** The current time in milliseconds as ISO 8601 text, cached for the duration of a millisecond. */
    private String now() {
        long millis = System.currentTimeMillis();
        if (millis != stampedAt) {
            stampedAt = millis;
            stamp = Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.MILLIS).toString();
        }
        return stamp;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
