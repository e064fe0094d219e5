package dev.ganglion.bus.link;

import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Numbers and seals the frames of one direction of a connection, or opens them. A sealed frame is its type, its number
 * from 0, its content and an HMAC-SHA256 of all of them. Not thread-safe.
 */
final class Seal {
    /** A message: its id and the message. */
    static final byte MESSAGE = 16;
    /** The answer to a message: its id, and 1 if the receiver understood it, else 0. */
    static final byte ANSWER = 17;

    static final byte PING = 18;
    static final byte PONG = 19;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HEAD_BYTES = 1 + Long.BYTES;
    /** The bytes that a seal adds to the content. */
    static final int OVERHEAD_BYTES = HEAD_BYTES + Handshake.MAC_BYTES;

    private final Mac mac;
    private long next;

    Seal(byte[] key) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime does not support " + ALGORITHM, e);
        }
    }

    /** An opened frame. */
    record Opened(byte type, Buffer content) {}

    /** Reports a frame that does not continue the sequence of its connection. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final Refusal reason;

        private RefusedException(Refusal reason) {
            super(reason.text(), null, false, false);
            this.reason = reason;
        }

        Refusal reason() {
            return reason;
        }
    }

    /** Seals a frame, and puts its length before it. */
    Buffer seal(byte type, Buffer content) {
        byte[] frame = new byte[HEAD_BYTES + content.length()];
        frame[0] = type;
        writeLong(frame, next++);
        content.getBytes(0, content.length(), frame, HEAD_BYTES);
        byte[] code = mac.doFinal(frame);
        return Buffer.buffer(Integer.BYTES + frame.length + code.length)
                .appendInt(frame.length + code.length)
                .appendBytes(frame)
                .appendBytes(code);
    }

    private static void writeLong(byte[] frame, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            frame[1 + i] = (byte) (value >>> (Long.SIZE - Byte.SIZE * (i + 1)));
        }
    }

    /** Checks the MAC and the number of a frame without its length. */
    Opened open(Buffer frame) throws RefusedException {
        int end = frame.length() - Handshake.MAC_BYTES;
        if (end < HEAD_BYTES) {
            throw new RefusedException(Refusal.MALFORMED);
        }
        mac.update(frame.getBytes(0, end));
        if (!MessageDigest.isEqual(mac.doFinal(), frame.getBytes(end, frame.length()))) {
            throw new RefusedException(Refusal.WRONG_MAC);
        }
        if (frame.getLong(1) != next) {
            throw new RefusedException(Refusal.REPLAY);
        }
        next++;
        return new Opened(frame.getByte(0), frame.slice(HEAD_BYTES, end));
    }
}
