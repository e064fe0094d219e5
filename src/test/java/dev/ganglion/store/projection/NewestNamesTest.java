package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.HealthStore.Reports;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.StoreTuning;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that a full table of workers or queues makes room for a new name. */
class NewestNamesTest extends StoreTests {
    private void report(int from, int to) {
        Map<String, EngineReport> depths = new LinkedHashMap<>();
        for (int i = from; i < to; i++) {
            depths.put(name(i), new EngineReport("agent", 1, 5_000));
        }
        store.await(new RedisEngineHealth(store.shared)
                .store(new ShardRef(session.projectId(), 0), new Reports(Map.of(), depths, Map.of())));
    }

    private static String name(int number) {
        return "6:celeryq" + number;
    }

    private boolean holds(int number) {
        return redis.call("HEXISTS", shard().reportedQueues(), name(number)).equals("1");
    }

    private String count() {
        return redis.call("HLEN", shard().reportedQueues());
    }

    @Test
    void aFullTableReplacesTheNameThatWasHeardOfLongestAgo() {
        report(0, StoreTuning.ENGINE_RECORDS);
        report(0, 1); // now queue 1 is the oldest

        report(StoreTuning.ENGINE_RECORDS, StoreTuning.ENGINE_RECORDS + 1);

        assertThat(holds(StoreTuning.ENGINE_RECORDS)).as("the new name").isTrue();
        assertThat(holds(0)).as("heard of again").isTrue();
        assertThat(count()).isEqualTo(String.valueOf(StoreTuning.ENGINE_RECORDS));
        assertThat(redis.call("ZCARD", RedisKeys.Shard.order(shard().reportedQueues())))
                .isEqualTo(count());
    }

    @Test
    void aTableOfVersion01MakesRoomToo() {
        for (int i = 0; i < StoreTuning.ENGINE_RECORDS; i++) {
            redis.call("HSET", shard().reportedQueues(), name(i), "{}");
        }

        report(StoreTuning.ENGINE_RECORDS, StoreTuning.ENGINE_RECORDS + 2);

        assertThat(holds(StoreTuning.ENGINE_RECORDS)).isTrue();
        assertThat(holds(StoreTuning.ENGINE_RECORDS + 1)).isTrue();
        assertThat(count()).isEqualTo(String.valueOf(StoreTuning.ENGINE_RECORDS));
    }

    @Test
    void aNewNameOutlivesTheNamesOfVersion01() {
        for (int i = 0; i < StoreTuning.ENGINE_RECORDS; i++) {
            redis.call("HSET", shard().reportedQueues(), "6:celeryz" + i, "{}");
        }

        report(0, 1);
        report(1, 3);

        assertThat(holds(0)).isTrue();
        assertThat(holds(1)).isTrue();
        assertThat(holds(2)).isTrue();
    }
}
