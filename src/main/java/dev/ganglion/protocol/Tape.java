package dev.ganglion.protocol;

import java.util.Arrays;

/**
 * One parsed document: its bytes and, on an array of longs, where in them its parts are.
 *
 * <p>{@code bytes} holds the document as it came, then zeros (which end every scan, so that scans need no check for the
 * end), then a side area for the few values whose canonical form differs from what came. A value is a pair of ints in one
 * long: a slice {@code [start, end)} of canonical bytes, or {@code ~node} and 0 for an object or array with a node of its
 * own, or {@link #UNPRINTABLE} and a place for what has no canonical form (NaN, a lone surrogate).
 *
 * <p>A node is {@code count << 1 | array?1:0}, a slice of the output once it is written, then its members in canonical
 * order: a slice for the key and a value each, or values only in an array.
 */
final class Tape {
    static final int UNPRINTABLE = Integer.MIN_VALUE;
    /** No node is at 0, which stands for an absent one. */
    static final int FIRST_NODE = 1;

    static final int HEADER = 2;
    static final int MEMBER = 2;
    static final int ELEMENT = 1;

    private static final int FIRST_BYTES = 16 << 10;
    private static final int FIRST_NODES = 1 << 10;

    /** What is kept between documents. A rare larger one does not hold its memory for long. */
    private static final int KEPT_BYTES = 256 << 10;

    private static final int KEPT_NODES = 64 << 10;
    private static final int SMALL_BEFORE_SHRINK = 64;

    byte[] bytes;
    /** Marks, for each byte of the document and the first zeros behind it, whether scans of strings stop there. */
    byte[] stops;

    int length;
    int side;
    long[] nodes;
    int top;
    long root;

    private int smallInARow;

    Tape() {
        this(FIRST_BYTES, FIRST_NODES);
    }

    Tape(int byteCapacity, int nodeCapacity) {
        bytes = new byte[byteCapacity + 2 * Words.SLACK];
        stops = new byte[bytes.length];
        nodes = new long[nodeCapacity];
    }

    /** Makes room for a document of that many bytes and forgets the last one; the caller fills in the bytes. */
    void reset(int documentLength) {
        shrinkAfterLargeOnes(documentLength);
        int wanted = documentLength + 3 * Words.SLACK;
        if (bytes.length < wanted) {
            bytes = new byte[Math.max(wanted, Math.min(2 * bytes.length, KEPT_BYTES))];
        }
        length = documentLength;
        side = documentLength + Words.SLACK;
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

    /** Looks for what ends strings, once the document is there. */
    void markStops() {
        int count = length + Words.SLACK;
        if (stops.length < count) {
            stops = new byte[bytes.length];
        }
        Words.markStops(bytes, stops, count);
    }

    /** Makes room for that many more bytes in the side area, and slack behind them. */
    void reserveSide(int count) {
        if (bytes.length - side < count + Words.SLACK) {
            bytes = Arrays.copyOf(bytes, Math.addExact(side + count + Words.SLACK, bytes.length / 2));
        }
    }

    /** Makes room for a node with that many longs behind its header and returns where it starts. */
    int newNode(int count, boolean array, int longs) {
        int node = top;
        top = node + HEADER + longs;
        if (nodes.length < top) {
            nodes = Arrays.copyOf(nodes, top + nodes.length);
        }
        nodes[node] = (long) count << 1 | (array ? 1 : 0);
        return node;
    }

    int count(int node) {
        return (int) (nodes[node] >>> 1);
    }

    boolean isArray(int node) {
        return (nodes[node] & 1) != 0;
    }

    static long pair(int first, int second) {
        return (long) first << Integer.SIZE | second;
    }

    static int first(long pair) {
        return (int) (pair >> Integer.SIZE);
    }

    static int second(long pair) {
        return (int) pair;
    }

    /** Where the slice at that place of the nodes starts, or what stands for another value. */
    int start(int at) {
        return first(nodes[at]);
    }

    int end(int at) {
        return second(nodes[at]);
    }

    /** Where in the output the canonical bytes of a node are. */
    int outStart(int node) {
        return start(node + 1);
    }

    int outEnd(int node) {
        return end(node + 1);
    }

    /** The most bytes that the canonical form can have. */
    int canonicalBound() {
        return length + (side - length - Words.SLACK);
    }
}
