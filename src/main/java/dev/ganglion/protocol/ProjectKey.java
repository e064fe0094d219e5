package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.JsonWriter;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies with the signing secret of one project. One instance serves every session of the project on one
 * event-loop thread.
 *
 * <p>Not thread-safe: the instance holds one {@link Mac} and the buffers of one signature at a time.
 */
public final class ProjectKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final byte[] expected = new byte[ProtocolLimits.SECRET_BYTES];
    private final byte[] given = new byte[ProtocolLimits.SECRET_BYTES];
    private final JsonWriter writer = new JsonWriter();

    /** Creates a key from a signing secret of 32 bytes; the array is not kept. */
    public ProjectKey(byte[] secret) {
        if (secret.length != ProtocolLimits.SECRET_BYTES) {
            throw new IllegalArgumentException("a signing secret must have " + ProtocolLimits.SECRET_BYTES + " bytes");
        }
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime does not support " + ALGORITHM, e);
        }
    }

    void update(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
    }

    void update(char c) {
        mac.update((byte) c);
    }

    /** Finishes the signature. The returned array is shared and valid until the next signature. */
    byte[] sign() {
        try {
            mac.doFinal(expected, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return expected;
    }

    /** The buffer for a peer's signature. */
    byte[] given() {
        return given;
    }

    /** Finishes the signature and compares it with the peer's signature in constant time. */
    boolean matchesGiven() {
        return MessageDigest.isEqual(sign(), given);
    }

    /** A shared writer for one frame at a time; its previous output is discarded. */
    JsonWriter writer() {
        return writer.reset();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
