package dev.ganglion.auth;

import dev.ganglion.protocol.Keys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What binds each record of the audit to the one before: {@code HMAC-SHA256(key, "record" \n seq \n mac before \n
 * record)}, in hexadecimal. Both ends of the chain are sealed with the same key, the newest place and the one before the
 * oldest, so that neither can be moved by whoever has no key. After a change of the master secret the keys of those
 * before it still hold.
 */
public final class AuditChain {
    private static final String RECORD = "record";

    private final List<byte[]> keys = new ArrayList<>();

    /** With the keys that these secrets give. */
    public AuditChain(MasterSecrets masters) {
        for (int i = 0; i < masters.count(); i++) {
            keys.add(masters.auditKey(i));
        }
    }

    /**
     * A place in the chain.
     *
     * @param seq from 1; 0 is before the first record
     * @param mac of the record there
     */
    public record Link(long seq, String mac) {
        /** Before the first record. */
        public static final Link START = new Link(0, "");

        @Override
        public String toString() {
            return seq + ":" + mac;
        }
    }

    /** Which end of the chain a seal is for. */
    public enum End {
        HEAD,
        ANCHOR
    }

    /** The place of the record that follows. */
    public Link next(Link before, String record) {
        return new Link(before.seq() + 1, mac(keys.get(0), before, record));
    }

    /** Whether a record was chained behind that place with this MAC. */
    public boolean holds(Link before, String record, String mac) {
        return keys.stream().anyMatch(key -> same(mac(key, before, record), mac));
    }

    /** The seal of an end of the chain. */
    public String seal(End end, Link link) {
        return seal(keys.get(0), end, link);
    }

    /** Whether that is the seal of this end. */
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
        return HexFormat.of().formatHex(Keys.mac(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
