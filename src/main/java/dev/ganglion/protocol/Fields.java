package dev.ganglion.protocol;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Emitter;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object and applies the checks that frames need.
 *
 * <p>The tape must hold the parsed document, and the emitter must have written it. An absent member and a null member
 * are treated alike. A value that breaks a rule causes a {@link ProtocolException} that names the field.
 */
final class Fields {
    static final int NONE = -1;

    private final Tape tape;
    private final Emitter emitter;
    private final int node;
    private final String path;
    private final CloseCode onError;

    Fields(Tape tape, Emitter emitter, int node, String path, CloseCode onError) {
        this.tape = tape;
        this.emitter = emitter;
        this.node = node;
        this.path = path;
        this.onError = onError;
    }

    ProtocolException bad(String key, String why) {
        String field = path.isEmpty() ? key : path + "." + key;
        return new ProtocolException(onError, field + " " + why, field);
    }

    boolean has(String key) {
        return find(key) != 0;
    }

    String text(String key, int least, int most) {
        String text = textOrNull(key, most);
        if (text == null) {
            throw bad(key, "is required");
        }
        if (text.length() < least) {
            throw bad(key, "must not be empty");
        }
        return text;
    }

    @Nullable
    String textOrNull(String key, int most) {
        int at = find(key);
        if (at == 0) {
            return null;
        }
        int start = tape.start(at);
        int end = tape.end(at);
        if (!isText(start)) {
            throw bad(key, "must be a string");
        }
        if (end - start - 2 > most && CanonicalStringReader.codePoints(tape.bytes, start, end) > most) {
            throw bad(key, "must not be longer than " + most + " characters");
        }
        return CanonicalStringReader.decode(tape.bytes, start, end);
    }

    @Nullable
    Long integerOrNull(String key, long least, long most) {
        int at = find(key);
        if (at == 0) {
            return null;
        }
        long value = integer(tape, at);
        if (value < least || value > most) {
            throw bad(key, "must be an integer from " + least + " to " + most);
        }
        return value;
    }

    /** Returns the value as an integer, or {@link Long#MIN_VALUE} if the value is no integer of at most 18 digits. */
    static long integer(Tape tape, int at) {
        int start = tape.start(at);
        int end = tape.end(at);
        if (start < 0) {
            return Long.MIN_VALUE;
        }
        boolean negative = tape.bytes[start] == '-';
        int p = negative ? start + 1 : start;
        if (end - p > 18 || p == end) {
            return Long.MIN_VALUE;
        }
        long value = 0;
        for (; p < end; p++) {
            int digit = tape.bytes[p] - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    @Nullable
    Boolean flagOrNull(String key) {
        int at = find(key);
        if (at == 0) {
            return null;
        }
        int start = tape.start(at);
        if (start < 0 || (tape.bytes[start] != 't' && tape.bytes[start] != 'f')) {
            throw bad(key, "must be true or false");
        }
        return tape.bytes[start] == 't';
    }

    /** Returns the strings of an array, or an empty list if the array is absent. */
    List<String> texts(String key, int most) {
        int at = find(key);
        return at == 0 ? List.of() : texts(key, at, most);
    }

    private List<String> texts(String key, int at, int most) {
        int array = array(key, at, most);
        int count = tape.count(array);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int element = array + Tape.HEADER + i * Tape.ELEMENT;
            int start = tape.start(element);
            if (!isText(start)) {
                throw bad(key, "must hold strings only");
            }
            texts.add(CanonicalStringReader.decode(tape.bytes, start, tape.end(element)));
        }
        return List.copyOf(texts);
    }

    /** Returns the node of an array, or {@link #NONE} if the array is absent. */
    int arrayOrNone(String key, int most) {
        int at = find(key);
        return at == 0 ? NONE : array(key, at, most);
    }

    private int array(String key, int at, int most) {
        int value = tape.start(at);
        if (value >= 0 || !tape.isArray(~value)) {
            throw bad(key, "must be an array");
        }
        if (tape.count(~value) > most) {
            throw bad(key, "must not have more than " + most + " entries");
        }
        return ~value;
    }

    /** Whether the member is present and an object. */
    boolean isObject(String key) {
        int at = find(key);
        return at != 0 && tape.start(at) < 0 && !tape.isArray(~tape.start(at));
    }

    /** Returns the members of an object, or null if the object is absent. */
    @Nullable
    Fields objectOrNull(String key) {
        int at = find(key);
        if (at == 0) {
            return null;
        }
        if (!isObject(key)) {
            throw bad(key, "must be an object");
        }
        String inner = path.isEmpty() ? key : path + "." + key;
        return new Fields(tape, emitter, ~tape.start(at), inner, onError);
    }

    Fields object(String key) {
        Fields fields = objectOrNull(key);
        if (fields == null) {
            throw bad(key, "is required");
        }
        return fields;
    }

    /** Returns any value as JSON; an absent value becomes {@link Json#NULL}. */
    Json json(String key) {
        int at = find(key);
        return at == 0 ? Json.NULL : json(tape, emitter, at);
    }

    /** Returns an object as JSON; an absent object becomes {@link Json#EMPTY_OBJECT}. */
    Json jsonObject(String key) {
        Fields fields = objectOrNull(key);
        return fields == null ? Json.EMPTY_OBJECT : json(key);
    }

    Map<String, String> textsByName() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int at : members()) {
            int start = tape.start(at + 1);
            if (!isText(start)) {
                throw bad(name(at), "must be a string");
            }
            texts.put(name(at), CanonicalStringReader.decode(tape.bytes, start, tape.end(at + 1)));
        }
        return Collections.unmodifiableMap(texts);
    }

    Map<String, List<String>> listsByName() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (int at : members()) {
            lists.put(name(at), texts(name(at), at + 1, Integer.MAX_VALUE));
        }
        return Collections.unmodifiableMap(lists);
    }

    private int[] members() {
        int[] members = new int[tape.count(node)];
        Arrays.setAll(members, i -> node + Tape.HEADER + i * Tape.MEMBER);
        return members;
    }

    private String name(int member) {
        return CanonicalStringReader.decode(tape.bytes, tape.start(member), tape.end(member));
    }

    private boolean isText(int start) {
        return start >= 0 && tape.bytes[start] == '"';
    }

    /** Copies the canonical bytes of a value that the emitter has written. */
    static Json json(Tape tape, Emitter emitter, int at) {
        int start = tape.start(at);
        if (start >= 0) {
            return Json.ofCanonical(Arrays.copyOfRange(tape.bytes, start, tape.end(at)));
        }
        return Json.ofCanonical(Arrays.copyOfRange(emitter.out, tape.outStart(~start), tape.outEnd(~start)));
    }

    /** Returns the position of a member's value on the tape, or 0 if the member is absent or null. */
    private int find(String key) {
        int at = find(tape, node, key);
        return at == 0 || (tape.start(at) >= 0 && tape.bytes[tape.start(at)] == 'n') ? 0 : at;
    }

    static int find(Tape tape, int node, String key) {
        int last = node + Tape.HEADER + tape.count(node) * Tape.MEMBER;
        for (int at = node + Tape.HEADER; at < last; at += Tape.MEMBER) {
            if (CanonicalStringReader.is(tape.bytes, tape.start(at), tape.end(at), key)) {
                return at + 1;
            }
        }
        return 0;
    }
}
