package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Members that replace, extend or remove members of an object while it is written; sorted by key. */
public final class Overrides {
    public static final Overrides NONE = new Overrides(new byte[0][], new byte[0][]);

    private final byte[][] keys;
    private final byte[] @Nullable [] members;
    private final int size;

    /**
     * Creates overrides.
     *
     * @param keys sorted keys, without quotes
     * @param members canonical bytes of each member including key and colon, or null to remove the member
     */
    public Overrides(byte[][] keys, byte[] @Nullable [] members) {
        this.keys = keys;
        this.members = members;
        int sum = 0;
        for (byte[] member : members) {
            sum += member == null ? 0 : member.length + 1;
        }
        this.size = sum;
    }

    public static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    int count() {
        return keys.length;
    }

    /** Maximum number of bytes that the overrides add to the object. */
    public int size() {
        return size;
    }

    byte @Nullable [] member(int index) {
        return members[index];
    }

    /** Compares the key of an override with the unescaped key of a member. */
    int compare(int index, byte[] bytes, int start, int end) {
        byte[] key = keys[index];
        int length = Math.min(key.length, end - start);
        for (int i = 0; i < length; i++) {
            if (key[i] != bytes[start + i]) {
                return (key[i] & 0xFF) - (bytes[start + i] & 0xFF);
            }
        }
        return key.length - (end - start);
    }
}
