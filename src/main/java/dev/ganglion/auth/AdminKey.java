package dev.ganglion.auth;

import dev.ganglion.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Knows the admin key by its hash alone, and compares in constant time. */
public final class AdminKey {
    private final byte[] hash;

    private AdminKey(byte[] hash) {
        this.hash = hash;
    }

    /** The key of this text. */
    public static AdminKey of(Secret key) {
        return new AdminKey(sha256(key.value()));
    }

    /** The key of this hash, as {@link #hashHex} gave it. */
    public static AdminKey ofHash(String hex) {
        return new AdminKey(java.util.HexFormat.of().parseHex(hex));
    }

    /** What is stored of the key: it has 256 random bits, so a plain hash does. */
    public String hashHex() {
        return java.util.HexFormat.of().formatHex(hash);
    }

    /** Whether an Authorization header carries this key. */
    public boolean admits(String authorization) {
        Optional<String> bearer = Bearer.of(authorization);
        return bearer.isPresent() && MessageDigest.isEqual(hash, sha256(bearer.get()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
