package dev.ganglion.benchmarks.generator;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A frame's payload in the two forms that sending needs: masked and canonical. A payload is generated once and used for
 * many frames. Its events get new event ids and task ids before each use.
 */
final class Payload {
    private static final String[] IDS = {"\"id\":\"", "\"task_id\":\""};
    private static final String TIME = "\"occurred_at\":\"";
    private static final int DIGITS = 8;
    private static final int MORE_DIGITS = 4;
    private static final int MICROS_AT = 23;
    private static final int MICROS_DIGITS = 3;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] masked;
    private final byte[] canonical;
    private final int events;
    private final List<int[]> maskedAt = new ArrayList<>();
    private final List<int[]> canonicalAt = new ArrayList<>();

    private Payload(String json, int events, String... fresh) {
        this.events = events;
        masked = json.getBytes(StandardCharsets.UTF_8);
        canonical = Json.parse(json).utf8();
        for (String name : fresh) {
            maskedAt.add(places(masked, name, events));
            canonicalAt.add(places(canonical, name, events));
        }
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= FrameEncoder.MASK;
        }
    }

    /** Creates a payload without events. */
    static Payload of(String json) {
        return new Payload(json, 0);
    }

    /** Creates a batch as released agents write it. The seed determines ids, task names and values. */
    static Payload batch(int events, long seed) {
        Random random = new Random(seed);
        StringBuilder list = new StringBuilder("{\"events\":[");
        for (int i = 0; i < events; i++) {
            list.append(i == 0 ? "" : ",").append(SampleFrame.event(random, i, Content.PLAIN));
        }
        return new Payload(list.append("]}").toString(), events, IDS);
    }

    /** Creates a batch whose events also get new times. The JSON has {@code occurred_at} with six digits of a second. */
    static Payload timed(String json, int events) {
        return new Payload(json, events, IDS[0], IDS[1], TIME);
    }

    private static int[] places(byte[] json, String name, int count) {
        byte[] word = FieldFinder.of(name);
        int[] places = new int[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            from = FieldFinder.find(json, from, json.length, word) + word.length;
            places[i] = from;
        }
        return places;
    }

    /** The payload as it goes over the wire: masked, with keys in an agent's order. */
    byte[] masked() {
        return masked;
    }

    /** The payload as it is signed. */
    byte[] canonical() {
        return canonical;
    }

    int events() {
        return events;
    }

    /** Gives the events ids that no other frame of this run has, by counting up the first digits of each id. */
    Payload fresh(long frame) {
        for (int i = 0; i < events; i++) {
            long number = frame * events + i;
            for (int name = 0; name < IDS.length; name++) {
                digits(name, i, 0, DIGITS, number);
            }
        }
        return this;
    }

    /** Sets the first twelve digits of an event's id and of its task's id. */
    void identify(int event, long eventNumber, long taskNumber, int connection) {
        digits(0, event, 0, DIGITS, eventNumber);
        digits(1, event, 0, DIGITS, taskNumber);
        for (int name = 0; name < IDS.length; name++) {
            digits(name, event, DIGITS + 1, MORE_DIGITS, connection);
        }
    }

    /** Sets the time of an event: a text of 27 bytes, with these last three digits of its microseconds. */
    void time(int event, byte[] text, int micros) {
        int name = IDS.length;
        for (int i = 0; i < text.length; i++) {
            put(name, event, i, text[i]);
        }
        int left = micros;
        for (int i = MICROS_DIGITS - 1; i >= 0; i--) {
            put(name, event, MICROS_AT + i, HEX[left % 10]);
            left /= 10;
        }
    }

    private void digits(int name, int event, int offset, int count, long number) {
        for (int digit = 0; digit < count; digit++) {
            put(name, event, offset + digit, HEX[(int) (number >> (4 * (count - 1 - digit))) & 0xF]);
        }
    }

    private void put(int name, int event, int offset, byte value) {
        masked[maskedAt.get(name)[event] + offset] = (byte) (value ^ FrameEncoder.MASK);
        canonical[canonicalAt.get(name)[event] + offset] = value;
    }
}
