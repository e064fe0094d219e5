package dev.ganglion.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes the digests that the brain stores and sends. Texts are encoded as UTF-8, hexadecimal digits are lower-case. */
public final class Digests {
    private static final String SHA_256 = "SHA-256";
    private static final String SHA_1 = "SHA-1";

    private Digests() {}

    /** The SHA-256 of a text, as 32 bytes. */
    public static byte[] sha256(String text) {
        return newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The SHA-256 of some bytes, as 32 bytes. */
    public static byte[] sha256(byte[] bytes) {
        return newSha256().digest(bytes);
    }

    /** The SHA-256 of a text, as 64 hexadecimal digits. */
    public static String sha256Hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** The SHA-1 of a text, as 40 hexadecimal digits. Only for names that Redis prescribes, not for security. */
    public static String sha1Hex(String text) {
        return HexFormat.of().formatHex(digest(SHA_1).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns a new SHA-256 digest, for callers that compute many digests in turn. */
    public static MessageDigest newSha256() {
        return digest(SHA_256);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has to support both algorithms.
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
