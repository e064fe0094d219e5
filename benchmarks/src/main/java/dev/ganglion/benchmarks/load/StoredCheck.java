package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.host.RedisProbe;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Checks that a server has stored what it acknowledged. Every run ends with this check and fails if the check fails.
 */
public interface StoredCheck {
    /** Largest number of events that the check also reads back over REST. */
    long READ_BACK = 20_000;

    /**
     * The acks that the generator received.
     *
     * @param frames number of acknowledged frames
     * @param events number of acknowledged events
     * @param drained whether every frame was acknowledged
     * @param rejected number of events that the server rejected
     * @param endings number of connections that ended by themselves, by cause
     */
    record Acked(long frames, long events, boolean drained, long rejected, Map<String, Integer> endings) {}

    /** Compares acknowledged with stored and returns both. A difference throws an exception. */
    JsonObject verify(Acked acked);

    /**
     * Checks a brain. It counts batches in Redis if the benchmark may query Redis. It counts events over REST if there
     * are at most {@link #READ_BACK} of them or Redis may not be queried.
     */
    static StoredCheck of(ServerUnderTest underTest, BenchProject benchProject) {
        return acked -> {
            JsonObject check = begin(acked);
            boolean good = clean(acked);
            if (underTest.redis().isPresent()) {
                long batches = batches(underTest.redis().get(), benchProject.projectId());
                check.put("stored_frames", batches);
                good &= batches == acked.frames();
            }
            if (underTest.redis().isEmpty() || acked.events() <= READ_BACK) {
                long stored = benchProject.storedEvents();
                check.put("stored_events", stored);
                good &= stored == acked.events();
            }
            return end(check, good);
        };
    }

    /** Checks any server by a count of its stored events. Events that were there before do not count. */
    static StoredCheck counting(LongSupplier count) {
        long before = count.getAsLong();
        return acked -> {
            long stored = count.getAsLong() - before;
            return end(begin(acked).put("stored_events", stored), clean(acked) && stored == acked.events());
        };
    }

    private static long batches(RedisProbe redis, String projectId) {
        return redis.number("XLEN", "{" + projectId + "/0}:events");
    }

    private static boolean clean(Acked acked) {
        return acked.drained() && acked.rejected() == 0 && acked.endings().isEmpty();
    }

    private static JsonObject begin(Acked acked) {
        return new JsonObject()
                .put("acked_frames", acked.frames())
                .put("acked_events", acked.events())
                .put("all_acked", acked.drained())
                .put("rejected_events", acked.rejected())
                .put("ended", new JsonObject(Map.copyOf(acked.endings())));
    }

    private static JsonObject end(JsonObject check, boolean good) {
        if (!good) {
            throw new IllegalStateException("The server has not stored what it acknowledged: " + check.encode());
        }
        return check.put("ok", true);
    }
}
