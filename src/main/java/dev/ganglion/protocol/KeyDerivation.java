package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Derives keys, and generates and formats secrets and tokens. */
public final class KeyDerivation {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] PROJECT_LABEL = "z4j-project-secret-v1:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOKEN_LABEL = "z4j-agent-token-v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CSRF_LABEL = "ganglion-csrf-v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUDIT_LABEL = "ganglion-audit-v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NODE_LABEL = "ganglion-node-v1".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyDerivation() {}

    /** Derives the 32-byte signing secret of a project from the master secret. */
    public static byte[] projectSecret(byte[] masterUtf8, UUID projectId) {
        long high = projectId.getMostSignificantBits();
        byte[] littleEndian = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (high >>> 32))
                .putShort((short) (high >>> 16))
                .putShort((short) high)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(projectId.getLeastSignificantBits())
                .array();
        return hmac(masterUtf8, PROJECT_LABEL, littleEndian);
    }

    /**
     * Returns the hash under which an agent token is stored: 64 lower-case hexadecimal digits, keyed with the master
     * secret.
     */
    public static String tokenHash(byte[] masterUtf8, String token) {
        byte[] key = ByteBuffer.allocate(masterUtf8.length + TOKEN_LABEL.length)
                .put(masterUtf8)
                .put(TOKEN_LABEL)
                .array();
        return HexFormat.of().formatHex(hmac(key, token.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns the confirmation that an agent requires before it purges a queue: 64 lower-case hexadecimal digits. The
     * confirmation is valid while the queue has exactly {@code depth} tasks.
     */
    public static String purgeToken(byte[] projectSecret, String queue, long depth) {
        byte[] message = ("purge|" + queue + "|" + depth).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(hmac(projectSecret, message));
    }

    /** Generates an agent token. */
    public static String newAgentToken() {
        return "z4j_agent_" + randomText();
    }

    /** Generates an API key. */
    public static String newApiKey() {
        return "z4k_" + randomText();
    }

    /** Generates a session token for a cookie. */
    public static String newSessionToken() {
        return randomText();
    }

    /** Returns the token that a browser page must send along with its session cookie, as a protection against CSRF. */
    public static String csrfToken(byte[] sessionToken) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(sessionToken, CSRF_LABEL));
    }

    /** Derives the key of the audit chain from the master secret. */
    public static byte[] auditKey(byte[] masterUtf8) {
        return hmac(masterUtf8, AUDIT_LABEL);
    }

    /** Derives the key with which the nodes of a cluster authenticate each other from the master secret. */
    public static byte[] nodeKey(byte[] masterUtf8) {
        return hmac(masterUtf8, NODE_LABEL);
    }

    /** Returns the HMAC-SHA256 of the concatenated parts. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime does not support " + ALGORITHM, e);
        }
    }

    /** Formats a signing secret as agents receive it: URL-safe base64 with padding. */
    public static String secretText(byte[] secret) {
        return Base64.getUrlEncoder().encodeToString(secret);
    }

    /**
     * Decodes a signing secret from base64, in either alphabet, with or without padding.
     *
     * @throws IllegalArgumentException if the text does not decode to 32 bytes; the message does not repeat the text
     */
    public static byte[] secretBytes(String text) {
        byte[] secret;
        try {
            secret =
                    Base64.getUrlDecoder().decode(text.strip().replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw notASecret();
        }
        if (secret.length != ProtocolLimits.SECRET_BYTES) {
            throw notASecret();
        }
        return secret;
    }

    private static IllegalArgumentException notASecret() {
        return new IllegalArgumentException("a signing secret must be the base64 text of " + ProtocolLimits.SECRET_BYTES
                + " bytes that the brain displayed");
    }

    private static String randomText() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
