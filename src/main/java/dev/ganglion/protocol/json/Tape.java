package dev.ganglion.protocol.json;

import java.util.Arrays;

/**
 * One parsed document: its bytes, and an array of longs that locates its parts.
 *
 * <p>{@code bytes} has three areas. The first is the document as received. The second is a run of zeros; they end every
 * scan, so scans need no bounds check. The third is a side area for the few values whose canonical form differs from
 * the received form.
 *
 * <p>A value is a pair of ints in one long. It is a slice {@code [start, end)} of canonical bytes; or {@code ~node} and
 * 0 for an object or array with its own node; or {@link #UNPRINTABLE} and a position for a value without a canonical
 * form (NaN, a lone surrogate).
 *
 * <p>A node starts with {@code count << 1 | array?1:0}. The slice of the output follows, once the node is written. The
 * members follow in canonical order: a key slice and a value each, or only a value in an array.
 */
public final class Tape {
    public static final int UNPRINTABLE = Integer.MIN_VALUE;
    /** Nodes start at 1, because 0 means "absent". */
    static final int FIRST_NODE = 1;

    public static final int HEADER = 2;
    public static final int MEMBER = 2;
    public static final int ELEMENT = 1;

    private static final int FIRST_BYTES = 16 << 10;
    private static final int FIRST_NODES = 1 << 10;

    /** Capacity that is kept between documents. A rare larger document does not hold its memory for long. */
    private static final int KEPT_BYTES = 256 << 10;

    private static final int KEPT_NODES = 64 << 10;
    private static final int SMALL_BEFORE_SHRINK = 64;

    public byte[] bytes;
    /** Marks each byte at which a scan of a string stops, for the document and the first zeros after it. */
    byte[] stops;

    int length;
    int side;
    public long[] nodes;
    int top;
    public long root;

    private int smallInARow;

    public Tape() {
        this(FIRST_BYTES, FIRST_NODES);
    }

    Tape(int byteCapacity, int nodeCapacity) {
        bytes = new byte[byteCapacity + 2 * ByteWords.SLACK];
        stops = new byte[bytes.length];
        nodes = new long[nodeCapacity];
    }

    /** Discards the last document and makes room for a new one. The caller fills in the bytes. */
    public void reset(int documentLength) {
        shrinkAfterLargeOnes(documentLength);
        int wanted = documentLength + 3 * ByteWords.SLACK;
        if (bytes.length < wanted) {
            bytes = new byte[Math.max(wanted, Math.min(2 * bytes.length, KEPT_BYTES))];
        }
        length = documentLength;
        side = documentLength + ByteWords.SLACK;
        Arrays.fill(bytes, documentLength, side, (byte) 0);
        top = FIRST_NODE;
    }

    private void shrinkAfterLargeOnes(int documentLength) {
        boolean large = bytes.length > KEPT_BYTES || nodes.length > KEPT_NODES;
        if (!large || documentLength > KEPT_BYTES / 2) {
            smallInARow = 0;
        } else if (++smallInARow >= SMALL_BEFORE_SHRINK) {
            bytes = new byte[FIRST_BYTES];
            stops = new byte[FIRST_BYTES];
            nodes = new long[FIRST_NODES];
            smallInARow = 0;
        }
    }

    /** Marks the bytes that end strings. Call this method after the document was filled in. */
    void markStops() {
        int count = length + ByteWords.SLACK;
        if (stops.length < count) {
            stops = new byte[bytes.length];
        }
        ByteWords.markStops(bytes, stops, count);
    }

    /** Makes room for {@code count} more bytes in the side area, plus slack after them. */
    void reserveSide(int count) {
        if (bytes.length - side < count + ByteWords.SLACK) {
            bytes = Arrays.copyOf(bytes, Math.addExact(side + count + ByteWords.SLACK, bytes.length / 2));
        }
    }

    /** Makes room for a node with {@code longs} longs after its header and returns the node's position. */
    int newNode(int count, boolean array, int longs) {
        int node = top;
        top = node + HEADER + longs;
        if (nodes.length < top) {
            nodes = Arrays.copyOf(nodes, top + nodes.length);
        }
        nodes[node] = (long) count << 1 | (array ? 1 : 0);
        return node;
    }

    public int count(int node) {
        return (int) (nodes[node] >>> 1);
    }

    public boolean isArray(int node) {
        return (nodes[node] & 1) != 0;
    }

    static long pair(int first, int second) {
        return (long) first << Integer.SIZE | second;
    }

    public static int first(long pair) {
        return (int) (pair >> Integer.SIZE);
    }

    static int second(long pair) {
        return (int) pair;
    }

    /** The start of the slice at this position, or the marker of another kind of value. */
    public int start(int at) {
        return first(nodes[at]);
    }

    public int end(int at) {
        return second(nodes[at]);
    }

    /** The start of a node's canonical bytes in the output. */
    public int outStart(int node) {
        return start(node + 1);
    }

    public int outEnd(int node) {
        return end(node + 1);
    }

    /** Upper bound for the size of the canonical form, in bytes. */
    int canonicalBound() {
        return length + (side - length - ByteWords.SLACK);
    }
}
