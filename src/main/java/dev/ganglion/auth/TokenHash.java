package dev.ganglion.auth;

import dev.ganglion.protocol.Digests;

/** Hashes keys and session tokens for storage. They have 256 random bits, so a plain hash is safe. */
public final class TokenHash {
    private TokenHash() {}

    /** SHA-256 of the token as 64 lower-case hexadecimal digits. */
    public static String of(String token) {
        return Digests.sha256Hex(token);
    }
}
