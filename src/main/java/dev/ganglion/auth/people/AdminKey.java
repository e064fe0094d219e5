package dev.ganglion.auth.people;

import dev.ganglion.auth.Bearer;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.Digests;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** Checks the admin key. Stores only its hash, and compares in constant time. */
public final class AdminKey {
    private final byte[] hash;

    private AdminKey(byte[] hash) {
        this.hash = hash;
    }

    /** Creates the check for this key. */
    public static AdminKey of(Secret key) {
        return new AdminKey(Digests.sha256(key.value()));
    }

    /** Creates the check for the key with this hash, as {@link #hashHex} returns it. */
    public static AdminKey ofHash(String hex) {
        return new AdminKey(HexFormat.of().parseHex(hex));
    }

    /** The hash to store, in hexadecimal. The key has 256 random bits, so a plain hash is safe. */
    public String hashHex() {
        return HexFormat.of().formatHex(hash);
    }

    /** Whether an {@code Authorization} header contains the admin key. */
    public boolean admits(String authorization) {
        Optional<String> bearer = Bearer.of(authorization);
        return bearer.isPresent() && MessageDigest.isEqual(hash, Digests.sha256(bearer.get()));
    }
}
