package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A frame's payload in the two forms that sending needs: masked and canonical. A payload is generated once and used for
 * many frames. {@link #fresh} gives its events new event ids and task ids before each use.
 */
final class Payload {
    private static final String[] FRESH = {"\"id\":\"", "\"task_id\":\""};
    private static final int DIGITS = 8;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] masked;
    private final byte[] canonical;
    private final int events;
    private final List<int[]> maskedAt = new ArrayList<>();
    private final List<int[]> canonicalAt = new ArrayList<>();

    private Payload(String json, int events) {
        this.events = events;
        masked = json.getBytes(StandardCharsets.UTF_8);
        canonical = Json.parse(json).utf8();
        for (String name : FRESH) {
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
        return new Payload(list.append("]}").toString(), events);
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
            for (int name = 0; name < FRESH.length; name++) {
                int m = maskedAt.get(name)[i];
                int c = canonicalAt.get(name)[i];
                for (int digit = 0; digit < DIGITS; digit++) {
                    byte hex = HEX[(int) (number >> (4 * (DIGITS - 1 - digit))) & 0xF];
                    masked[m + digit] = (byte) (hex ^ FrameEncoder.MASK);
                    canonical[c + digit] = hex;
                }
            }
        }
        return this;
    }
}
