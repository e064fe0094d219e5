package dev.ganglion.protocol.json;

import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;

/**
 * Writes values of a {@link Tape} as canonical bytes into a reusable buffer. Records in the node of each object and
 * array where its bytes start and end.
 */
public final class Emitter {
    private static final int MAX_KEPT_CAPACITY = 256 << 10;
    private static final int INITIAL_CAPACITY = 16 << 10;
    private static final int DONE = -1;

    private final Tape tape;

    public byte[] out = new byte[INITIAL_CAPACITY];
    public int end;

    /**
     * One entry per open container, by depth: its node, the position of its next member, and the end of its last
     * member.
     */
    private final int[] open = new int[ProtocolLimits.MAX_DEPTH + 1];

    private final int[] next = new int[ProtocolLimits.MAX_DEPTH + 1];
    private final int[] limit = new int[ProtocolLimits.MAX_DEPTH + 1];

    public Emitter(Tape tape) {
        this.tape = tape;
    }

    /** Discards the previous output. Reserves room for the tape's document and for {@code more} bytes. */
    public void reset(int more) {
        end = 0;
        int wanted = tape.canonicalBound() + more;
        if (out.length > MAX_KEPT_CAPACITY && wanted < MAX_KEPT_CAPACITY / 2) {
            out = new byte[INITIAL_CAPACITY];
        }
        reserve(wanted);
    }

    /** Reserves room for {@code more} bytes after the present output. */
    public void reserve(int more) {
        int wanted = Math.addExact(end + more, 2 * ByteWords.SLACK);
        if (out.length < wanted) {
            byte[] larger = new byte[Math.max(wanted, Math.min(2 * out.length, MAX_KEPT_CAPACITY))];
            System.arraycopy(out, 0, larger, 0, end);
            out = larger;
        }
    }

    /** Writes the object and replaces its own members by the overrides. The caller has reserved the room. */
    public void object(int node, Overrides overrides) {
        int start = end;
        long[] nodes = tape.nodes;
        put('{');
        int override = 0;
        int member = node + Tape.HEADER;
        int last = member + tape.count(node) * Tape.MEMBER;
        for (; member < last; member += Tape.MEMBER) {
            int order = -1;
            while (override < overrides.count() && (order = compare(overrides, override, member)) < 0) {
                override(overrides, override++, start);
            }
            if (override < overrides.count() && order == 0) {
                continue;
            }
            comma(start);
            slice(nodes[member]);
            put(':');
            value(nodes[member + 1]);
        }
        while (override < overrides.count()) {
            override(overrides, override++, start);
        }
        put('}');
        nodes[node + 1] = Tape.pair(start, end);
    }

    private int compare(Overrides overrides, int override, int member) {
        int key = tape.start(member);
        int keyEnd = tape.end(member);
        boolean aside = key >= tape.length;
        return overrides.compare(
                override,
                tape.bytes,
                aside ? CanonicalStrings.unescapedStart(tape.bytes, key) : key + 1,
                aside ? CanonicalStrings.unescapedEnd(key) : keyEnd - 1);
    }

    private void override(Overrides overrides, int index, int start) {
        byte[] bytes = overrides.member(index);
        if (bytes != null) {
            comma(start);
            System.arraycopy(bytes, 0, out, end, bytes.length);
            end += bytes.length;
        }
    }

    private void comma(int start) {
        if (end != start + 1) {
            put(',');
        }
    }

    /** Writes a value. The caller has reserved the room. */
    void value(long value) {
        if (value >= 0) {
            slice(value);
        } else {
            container(inner(value));
        }
    }

    private void container(int root) {
        int depth = 0;
        enter(root, 0);
        while (depth >= 0) {
            int inner = tape.isArray(open[depth]) ? elements(depth) : members(depth);
            if (inner == DONE) {
                leave(depth--);
            } else {
                enter(inner, ++depth);
            }
        }
    }

    private void enter(int node, int depth) {
        boolean array = tape.isArray(node);
        tape.nodes[node + 1] = Tape.pair(end, 0);
        put(array ? '[' : '{');
        open[depth] = node;
        next[depth] = node + Tape.HEADER;
        limit[depth] = node + Tape.HEADER + tape.count(node) * (array ? Tape.ELEMENT : Tape.MEMBER);
    }

    /** Closes a container. A comma follows every member and element; the closing bracket overwrites the last comma. */
    private void leave(int depth) {
        int node = open[depth];
        if (tape.count(node) != 0) {
            end--;
        }
        put(tape.isArray(node) ? ']' : '}');
        tape.nodes[node + 1] |= end;
        if (depth > 0) {
            put(',');
        }
    }

    /**
     * Writes the members of an object up to the next nested container and returns that container's node. Returns {@link
     * #DONE} if no container is left.
     */
    private int members(int depth) {
        byte[] from = tape.bytes;
        byte[] to = out;
        long[] nodes = tape.nodes;
        int last = limit[depth];
        int p = end;
        for (int at = next[depth]; at < last; at += Tape.MEMBER) {
            long key = nodes[at];
            long value = nodes[at + 1];
            int start = Tape.first(key);
            int keyEnd = Tape.second(key);
            if (Tape.first(value) != keyEnd + 1) {
                p = key(key, p);
                if (value < 0) {
                    next[depth] = at + Tape.MEMBER;
                    end = p;
                    return inner(value);
                }
                start = Tape.first(value);
            }
            int length = Tape.second(value) - start;
            ByteWords.copy(from, start, to, p, length);
            p += length;
            to[p++] = ',';
        }
        end = p;
        return DONE;
    }

    /** Writes a key that is not directly followed by its value in the source. Returns the position after the colon. */
    private int key(long key, int at) {
        int length = Tape.second(key) - Tape.first(key);
        ByteWords.copy(tape.bytes, Tape.first(key), out, at, length);
        out[at + length] = ':';
        return at + length + 1;
    }

    private int elements(int depth) {
        long[] nodes = tape.nodes;
        int last = limit[depth];
        for (int at = next[depth]; at < last; at += Tape.ELEMENT) {
            long value = nodes[at];
            if (value < 0) {
                next[depth] = at + Tape.ELEMENT;
                return inner(value);
            }
            slice(value);
            put(',');
        }
        return DONE;
    }

    private static int inner(long value) {
        if (Tape.first(value) == Tape.UNPRINTABLE) {
            throw unprintable(Tape.second(value));
        }
        return ~Tape.first(value);
    }

    private void slice(long slice) {
        int length = Tape.second(slice) - Tape.first(slice);
        ByteWords.copy(tape.bytes, Tape.first(slice), out, end, length);
        end += length;
    }

    private void put(char c) {
        out[end++] = (byte) c;
    }

    private static ProtocolException unprintable(int at) {
        return Tokenizer.malformed("NaN, Infinity, a number too large for a double, or a lone surrogate", at);
    }
}
