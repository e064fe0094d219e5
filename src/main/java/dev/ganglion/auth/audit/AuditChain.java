package dev.ganglion.auth.audit;

import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.protocol.KeyDerivation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Computes the MACs that chain each record of the audit to the previous one: {@code HMAC-SHA256(key, "record" \n seq \n
 * previous mac \n record)}, in hexadecimal.
 *
 * <p>The same key seals both ends of the chain: the position of the newest record, and the position before the oldest
 * one. Without the key, neither end can be moved unnoticed. After a change of the master secret, the keys of the
 * previous secrets stay valid for verification.
 */
public final class AuditChain {
    private static final String RECORD = "record";

    private final List<byte[]> keys = new ArrayList<>();

    /** Creates a chain with the keys that these secrets yield. The current secret signs. */
    public AuditChain(MasterSecrets masters) {
        for (int i = 0; i < masters.count(); i++) {
            keys.add(masters.auditKey(i));
        }
    }

    /**
     * A position in the chain.
     *
     * @param seq number of the record, from 1; 0 is the position before the first record
     * @param mac MAC of the record at this position
     */
    public record Link(long seq, String mac) {
        /** The position before the first record. */
        public static final Link START = new Link(0, "");

        @Override
        public String toString() {
            return seq + ":" + mac;
        }
    }

    /** The end of the chain that a seal belongs to. */
    public enum End {
        HEAD,
        ANCHOR
    }

    /** Computes the position of the next record. */
    public Link next(Link before, String record) {
        return new Link(before.seq() + 1, mac(keys.get(0), before, record));
    }

    /** Whether this MAC chains the record to that position. */
    public boolean holds(Link before, String record, String mac) {
        return keys.stream().anyMatch(key -> same(mac(key, before, record), mac));
    }

    /** Computes the seal of an end of the chain. */
    public String seal(End end, Link link) {
        return seal(keys.get(0), end, link);
    }

    /** Whether this is the seal of the end of the chain. */
    public boolean isSealed(End end, Link link, String seal) {
        return keys.stream().anyMatch(key -> same(seal(key, end, link), seal));
    }

    private static String mac(byte[] key, Link before, String record) {
        return hex(key, RECORD + "\n" + (before.seq() + 1) + "\n" + before.mac() + "\n" + record);
    }

    private static String seal(byte[] key, End end, Link link) {
        return hex(key, end.name() + "\n" + link);
    }

    private static String hex(byte[] key, String text) {
        return HexFormat.of().formatHex(KeyDerivation.hmac(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
