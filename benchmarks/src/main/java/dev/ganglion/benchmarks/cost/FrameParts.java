package dev.ganglion.benchmarks.cost;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.benchmarks.verify.Sampler;
import dev.ganglion.benchmarks.verify.Sampler.Result;
import dev.ganglion.benchmarks.verify.Sampler.Variant;
import dev.ganglion.benchmarks.verify.Variants;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * Times each step that a brain takes with a frame between its socket and its store. The steps run alone and in turns.
 */
public final class FrameParts {
    private static final int FRAMES_IN_TURN = 4;
    private static final int FEW_ROUNDS = 10;

    private FrameParts() {}

    /** Measures frames of 1, 100 and 500 events. */
    public static List<JsonObject> measureAll(int rounds) {
        return Stream.of(1, 100, 500).map(events -> measure(events, rounds)).toList();
    }

    /**
     * Measures frames with this many events. Returns the CPU time of each step in microseconds, as the 10th percentile
     * of the rounds.
     */
    public static JsonObject measure(int events, int rounds) {
        Variants variants = new Variants();
        SampleFrame[] frames = new SampleFrame[FRAMES_IN_TURN];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = SampleFrame.of(events, Content.PLAIN, i + 1);
        }
        List<Result> results = sample(
                List.of(
                        new Variant("hmac", variants::hmac, frames),
                        new Variant("verify", variants::verify, frames),
                        new Variant("verify_and_take", variants::verifyAndTake, frames),
                        new Variant("ack", variants::signAck, frames),
                        new Variant("copy", variants::copy, frames),
                        new Variant("tree", variants::jsonObject, frames)),
                rounds);
        JsonObject json = new JsonObject().put("events", events).put("wire_bytes", frames[0].wire().length);
        results.forEach(result -> json.put(result.name() + "_us", result.best()));
        return json.put("verify_allocated_bytes", results.get(1).bytes())
                .put("take_allocated_bytes", results.get(2).bytes());
    }

    private static List<Result> sample(List<Variant> variants, int rounds) {
        try {
            return new Sampler(rounds < FEW_ROUNDS ? 0.1 : 1).sample(variants, rounds);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot time a part of a frame", e);
        }
    }
}
