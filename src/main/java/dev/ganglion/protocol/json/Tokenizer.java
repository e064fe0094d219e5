package dev.ganglion.protocol.json;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;
import java.util.Arrays;

/**
 * Parses one JSON document onto a {@link Tape} in a single pass and without recursion.
 *
 * <p>The tokenizer accepts all UTF-8 text that Python's {@code json.loads} accepts, except nesting deeper than {@link
 * ProtocolLimits#MAX_DEPTH}. Containers at most {@code structured} levels deep become nodes, so that readers find their
 * members. A deeper container becomes a plain slice if its bytes are already canonical, otherwise also a node.
 */
public final class Tokenizer {
    private static final int ARRAY = -2;
    private static final int FIRST_STACK = 1 << 10;
    private static final int KEPT_STACK = 64 << 10;

    private final Tape tape;
    private final int structured;
    private final KeySequences shapes;
    private final CanonicalStrings text;
    private final CanonicalNumbers numbers;
    private final MemberOrder order;

    /** Members and elements of all open containers; the entries of each container start at its base. */
    private long[] stack = new long[FIRST_STACK];

    private int sp;
    private int depth;

    /** The shape of the open object so far, {@link KeySequences#NONE} if unknown, or {@link #ARRAY} in an array. */
    private int shape;

    /** Counts everything that makes the received bytes non-canonical. */
    private int flaws;

    private final int[] bases = new int[ProtocolLimits.MAX_DEPTH + 1];
    private final int[] starts = new int[ProtocolLimits.MAX_DEPTH + 1];
    private final int[] flawsBefore = new int[ProtocolLimits.MAX_DEPTH + 1];
    private final int[] outerShapes = new int[ProtocolLimits.MAX_DEPTH + 1];

    public Tokenizer(Tape tape, int structured) {
        this.tape = tape;
        this.structured = structured;
        this.shapes = new KeySequences();
        this.text = new CanonicalStrings(tape);
        this.numbers = new CanonicalNumbers(tape);
        this.order = new MemberOrder(tape);
    }

    /** Parses the document in {@code tape.bytes}. */
    public void read() {
        tape.markStops();
        sp = 0;
        depth = 0;
        shape = ARRAY;
        flaws = 0;
        shapes.beforeDocument();
        text.reset();
        if (stack.length > KEPT_STACK && tape.length < KEPT_STACK) {
            stack = new long[FIRST_STACK];
        }
        int end = skip(values(skip(0)));
        if (end != tape.length) {
            throw malformed("unexpected text after the end of the document", end);
        }
        tape.root = stack[0];
    }

    /** Parses the root value with everything in it, and returns its end. */
    private int values(int start) {
        int p = start;
        for (; ; ) {
            byte c = tape.bytes[p];
            if (c == '"') {
                p = string(p);
            } else if (c == '{') {
                open(p, KeySequences.NONE);
                p = members(p);
                if (p >= 0) {
                    continue;
                }
                p = ~p;
            } else if (c == '[') {
                open(p, ARRAY);
                p = skip(p + 1);
                if (tape.bytes[p] != ']') {
                    continue;
                }
                p = closeArray(p);
            } else {
                p = scalar(p);
            }
            p = afterValue(p);
            if (depth == 0) {
                return p;
            }
        }
    }

    /**
     * Parses members from the brace or comma at {@code start}, as long as each has a known key and a plain string as
     * its value. The method parses most of the agents' traffic.
     *
     * <p>Returns the position of the first other value, after its key. If no comma follows the last member, returns the
     * complement of the position after that member.
     */
    private int members(int start) {
        byte[] bytes = tape.bytes;
        byte[] stops = tape.stops;
        long[] records = shapes.records();
        long[] to = stack;
        int at = sp;
        int p = start;
        int known = shape;
        int forms = 0;
        while (known >= 0) {
            int next = KeySequences.firstChild(records, known);
            if (!KeySequences.fits(records, next, bytes, p)) {
                next = shapes.other(known, bytes, p);
                if (next == KeySequences.NONE) {
                    break;
                }
            }
            known = next;
            int form = KeySequences.form(records, next);
            forms |= form;
            int value = p + KeySequences.length(form);
            if (to.length < at + Tape.MEMBER) {
                to = Arrays.copyOf(to, 2 * to.length);
                stack = to;
            }
            to[at] = KeySequences.key(records, next) + Tape.pair(p, p);
            if (bytes[value] != '"') {
                stop(at + 1, known, forms);
                return skip(value);
            }
            int q = ByteWords.firstMark(stops, value + 1);
            if (bytes[q] != '"') {
                stop(at + 1, known, forms);
                return value;
            }
            p = q + 1;
            to[at + 1] = Tape.pair(value, p);
            at += Tape.MEMBER;
            if (bytes[p] != ',') {
                stop(at, known, forms);
                return ~p;
            }
        }
        stop(at, known, forms);
        return newMember(p);
    }

    private void stop(int at, int known, int forms) {
        sp = at;
        shape = known;
        flaws += KeySequences.flaws(forms);
    }

    /** Closes the containers that end here and moves on to the next value, if there is one. */
    private int afterValue(int start) {
        int p = start;
        while (depth > 0) {
            byte c = tape.bytes[p];
            if (c <= ' ') {
                p = skip(p);
                c = tape.bytes[p];
            }
            if (c == ',') {
                if (shape == ARRAY) {
                    mergeElements();
                    return skip(p + 1);
                }
                p = members(p);
                if (p >= 0) {
                    return p;
                }
                p = ~p;
            } else if (c == '}' && shape != ARRAY) {
                p = closeObject(p);
            } else if (c == ']' && shape == ARRAY) {
                p = closeArray(p);
            } else {
                throw malformed("a comma or the end of the object or array is expected", p);
            }
        }
        return p;
    }

    private void open(int p, int kind) {
        if (depth == ProtocolLimits.MAX_DEPTH) {
            throw malformed("objects and arrays nest deeper than " + ProtocolLimits.MAX_DEPTH, p);
        }
        outerShapes[depth] = shape;
        depth++;
        bases[depth] = sp;
        starts[depth] = p;
        shape = kind == ARRAY ? ARRAY : KeySequences.root(depth);
        flawsBefore[depth] = flaws;
    }

    private int closeObject(int p) {
        int[] places = shape >= 0 ? shapes.order(shape) : null;
        int size = places == null ? 0 : places.length;
        if (places == null) {
            places = order.of(stack, bases[depth], (sp - bases[depth]) / Tape.MEMBER);
            size = order.size();
            if (shape >= 0) {
                shapes.remember(shape, places, size);
            }
        }
        if (places != MemberOrder.ALREADY_SORTED) {
            flaws++;
        } else if (depth > structured && flaws == flawsBefore[depth]) {
            return close(Tape.pair(starts[depth], p + 1), p);
        }
        int base = bases[depth];
        int node = places == MemberOrder.ALREADY_SORTED ? asTheyStand(base) : inOrder(places, size, base);
        if (text.unprintableKeys()) {
            markUnprintable(node, p);
        }
        return close(Tape.pair(~node, 0), p);
    }

    private int asTheyStand(int base) {
        int longs = sp - base;
        int node = tape.newNode(longs / Tape.MEMBER, false, longs);
        System.arraycopy(stack, base, tape.nodes, node + Tape.HEADER, longs);
        return node;
    }

    private int inOrder(int[] places, int size, int base) {
        int node = tape.newNode(size, false, size * Tape.MEMBER);
        int to = node + Tape.HEADER;
        long[] nodes = tape.nodes;
        long[] members = stack;
        for (int i = 0; i < size; i++) {
            int from = base + places[i] * Tape.MEMBER;
            nodes[to] = members[from];
            nodes[to + 1] = members[from + 1];
            to += Tape.MEMBER;
        }
        return node;
    }

    /** Marks every member whose key has no canonical form as a value without a canonical form. */
    private void markUnprintable(int node, int p) {
        int last = tape.top;
        for (int at = node + Tape.HEADER; at < last; at += Tape.MEMBER) {
            int key = tape.start(at);
            if (key >= tape.length && !CanonicalStrings.isPrintable(tape.bytes, key)) {
                tape.nodes[at + 1] = Tape.pair(Tape.UNPRINTABLE, p);
            }
        }
    }

    private int closeArray(int p) {
        mergeElements();
        if (depth > structured && flaws == flawsBefore[depth]) {
            return close(Tape.pair(starts[depth], p + 1), p);
        }
        int base = bases[depth];
        int count = sp - base;
        int node = tape.newNode(count, true, count);
        System.arraycopy(stack, base, tape.nodes, node + Tape.HEADER, count);
        return close(Tape.pair(~node, 0), p);
    }

    /** Removes the container from the stack and pushes it as one value of the enclosing container. */
    private int close(long value, int p) {
        sp = bases[depth];
        depth--;
        shape = outerShapes[depth];
        push(value);
        return p + 1;
    }

    /**
     * Merges neighbouring elements that are already canonical into one slice, at depths where readers need no single
     * elements.
     */
    private void mergeElements() {
        if (depth > structured && sp - bases[depth] >= 2 * Tape.ELEMENT) {
            long before = stack[sp - 2];
            long last = stack[sp - 1];
            if (before >= 0 && last >= 0 && Tape.first(last) == Tape.second(before) + 1) {
                stack[sp - 2] = Tape.pair(Tape.first(before), Tape.second(last));
                sp--;
            }
        }
    }

    /** Parses the key after the brace or comma at {@code separator}, or the end of an empty object. */
    private int newMember(int separator) {
        int p = skip(separator + 1);
        if (tape.bytes[p] != '"') {
            if (tape.bytes[separator] == '{' && tape.bytes[p] == '}') {
                return ~closeObject(p);
            }
            throw malformed("a key in quotes is expected", p);
        }
        int end = text.scan(p + 1);
        int colon = skip(end);
        if (tape.bytes[colon] != ':') {
            throw malformed("a colon is expected after a key", colon);
        }
        int value = skip(colon + 1);
        if (text.escaped()) {
            int key = text.rewriteKey(p, end);
            flaws++;
            shape = KeySequences.NONE;
            push(Tape.pair(key, text.rewrittenEnd()));
        } else {
            long key = Tape.pair(p, end);
            shape = shape >= 0 ? shapes.learn(shape, tape.bytes, separator, key, value) : shape;
            push(key);
        }
        return value;
    }

    private int string(int p) {
        int end = text.scan(p + 1);
        if (!text.rewritten()) {
            push(Tape.pair(p, end));
        } else {
            int start = text.rewrite(p, end);
            flaws++;
            push(Tape.pair(start, text.rewrittenEnd()));
        }
        return end;
    }

    private int scalar(int p) {
        byte c = tape.bytes[p];
        if (c == '-' || (c >= '0' && c <= '9')) {
            int end = numbers.read(p);
            if (numbers.start() != p) {
                flaws++;
            }
            push(Tape.pair(numbers.start(), numbers.end()));
            return end;
        }
        if (word(p, "true") || word(p, "null")) {
            push(Tape.pair(p, p + 4));
            return p + 4;
        }
        if (word(p, "false")) {
            push(Tape.pair(p, p + 5));
            return p + 5;
        }
        int length = word(p, "NaN") ? 3 : word(p, "Infinity") ? 8 : 0;
        if (length == 0) {
            throw malformed("a value is expected", p);
        }
        flaws++;
        push(Tape.pair(Tape.UNPRINTABLE, p));
        return p + length;
    }

    private boolean word(int p, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (tape.bytes[p + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void push(long pair) {
        if (stack.length == sp) {
            stack = Arrays.copyOf(stack, 2 * sp);
        }
        stack[sp++] = pair;
    }

    private int skip(int start) {
        int p = start;
        byte c = tape.bytes[p];
        if (c > ' ') {
            return p;
        }
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            c = tape.bytes[++p];
        }
        if (p != start) {
            flaws++;
        }
        return p;
    }

    static ProtocolException malformed(String why, int at) {
        return new ProtocolException(CloseCode.MALFORMED_FRAME, "not valid JSON: " + why + " at byte " + at);
    }
}
