package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.host.RedisProbe;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.LongSupplier;

/** Whether a server has what it acked: every run ends with it, and fails with it. */
public interface StoredCheck {
    /** So many events are also read back over REST. */
    long READ_BACK = 20_000;

    /**
     * What the generator has acks for.
     *
     * @param drained whether an ack came for all that was sent
     * @param rejected events that the server refused
     * @param endings connections that ended by themselves, and how
     */
    record Acked(long frames, long events, boolean drained, long rejected, Map<String, Integer> endings) {}

    /** Says what was acked and what is stored; fails when they differ. */
    JsonObject verify(Acked acked);

    /** Of a brain: batches counted in Redis if it may be asked, and events over REST if there are not too many. */
    static StoredCheck of(Bed bed, Estate estate) {
        return acked -> {
            JsonObject check = begin(acked);
            boolean good = clean(acked);
            if (bed.redis().isPresent()) {
                long batches = batches(bed.redis().get(), estate.projectId());
                check.put("stored_frames", batches);
                good &= batches == acked.frames();
            }
            if (bed.redis().isEmpty() || acked.events() <= READ_BACK) {
                long stored = estate.storedEvents();
                check.put("stored_events", stored);
                good &= stored == acked.events();
            }
            return end(check, good);
        };
    }

    /** Of any server: something that counts its events, from which what was there before is taken. */
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
            throw new IllegalStateException("acked is not what is stored: " + check.encode());
        }
        return check.put("ok", true);
    }
}
