package dev.ganglion.store.frame;

import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bounds the size of the registry entries that are stored. */
final class RegistryEntry {
    /** Largest entry that is stored unchanged, in bytes (16 KiB). */
    static final int MAX_BYTES = 16 << 10;
    /** Largest member that a larger entry keeps, besides its name. */
    private static final int MAX_MEMBER_BYTES = 1_024;

    private static final byte[] MARK = "\"cut\":true}".getBytes(StandardCharsets.UTF_8);

    private RegistryEntry() {}

    /**
     * Returns an entry, unchanged if it has at most {@link #MAX_BYTES}. A larger one keeps its name and those of its small
     * members that fit, and gets the member {@code "cut": true}.
     */
    static Json bounded(Json entry) {
        return entry.size() <= MAX_BYTES ? entry : cut(entry);
    }

    private static Json cut(Json entry) {
        byte[] bytes = entry.utf8();
        ByteArrayOutputStream kept = new ByteArrayOutputStream(MAX_BYTES);
        kept.write('{');
        CanonicalObject members = new CanonicalObject(bytes, 0, bytes.length);
        int start = 1;
        int name = 4 * MAX_MEMBER_BYTES; // room for the name, which may be the last member
        while (members.next()) {
            int length = members.valueEnd() - start;
            boolean isName = members.keyIs("name");
            boolean fits = length <= MAX_MEMBER_BYTES && kept.size() + length < MAX_BYTES - name;
            if (isName || (fits && !members.keyIs("cut"))) {
                kept.write(bytes, start, length);
                kept.write(',');
            }
            start = members.valueEnd() + 1;
        }
        kept.write(MARK, 0, MARK.length);
        return Json.ofCanonical(kept.toByteArray());
    }
}
