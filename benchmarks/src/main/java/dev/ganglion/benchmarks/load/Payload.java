package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The payload of a frame in the two forms that sending it needs, made once and used for many frames.
 *
 * @param masked as it goes over the wire, with keys in the order of an agent, and masked
 * @param canonical as it is signed
 * @param events how many events are in it
 */
record Payload(byte[] masked, byte[] canonical, int events) {
    static Payload of(String json, int events) {
        byte[] wire = json.getBytes(StandardCharsets.UTF_8);
        byte[] canonical = Json.parse(json).utf8();
        for (int i = 0; i < wire.length; i++) {
            wire[i] ^= FrameForge.MASK;
        }
        return new Payload(wire, canonical, events);
    }

    /** A batch as released agents write it; payloads of different seeds differ in all that differs in life. */
    static Payload batch(int events, long seed) {
        Random random = new Random(seed);
        StringBuilder list = new StringBuilder("{\"events\":[");
        for (int i = 0; i < events; i++) {
            list.append(i == 0 ? "" : ",").append(SampleFrame.event(random, i, Content.PLAIN));
        }
        return of(list.append("]}").toString(), events);
    }
}
