package dev.ganglion.store.redis;

/**
 * Computes the Redis Cluster slot of a key: CRC-16/XMODEM of the key, or of its hash tag (the text in its first
 * braces).
 */
final class HashSlot {
    /** Number of slots of every cluster. */
    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int TOP = 0x8000;
    private static final int[] TABLE = table();

    private HashSlot() {}

    static int of(byte[] key) {
        int from = 0;
        int to = key.length;
        int open = indexOf(key, '{', 0);
        if (open >= 0) {
            int close = indexOf(key, '}', open + 1);
            if (close > open + 1) { // empty braces are not a hash tag
                from = open + 1;
                to = close;
            }
        }
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = (crc << 8 ^ TABLE[(crc >> 8 ^ key[i]) & 0xff]) & 0xffff;
        }
        return crc % COUNT;
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & TOP) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[i] = crc & 0xffff;
        }
        return table;
    }
}
