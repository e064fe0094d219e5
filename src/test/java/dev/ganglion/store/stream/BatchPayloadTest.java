package dev.ganglion.store.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.ganglion.event.Events;
import io.vertx.core.json.JsonArray;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the stored form of batches. */
class BatchPayloadTest {
    private static final String[] KINDS = {"task.received", "task.started", "task.succeeded"};

    private final BatchPayload payload = new BatchPayload((events, stored) -> {});

    /** A batch as Celery's adapter sends it: random ids and times, a few task names and workers. */
    private static byte[] batch(int events) {
        Random random = new Random(events);
        JsonArray array = new JsonArray();
        for (int i = 0; i < events; i++) {
            var event = Events.event("3f1b6c0e-" + random.nextInt(), KINDS[i % KINDS.length], random.nextInt(10_000));
            event.getJsonObject("data")
                    .put("task_name", "shop.mail.send_" + random.nextInt(4))
                    .put("queue", "default")
                    .put("worker", "celery@worker-" + random.nextInt(8))
                    .put("args", "(" + random.nextInt(100_000) + ", 'user-" + random.nextInt(5_000) + "')");
            array.add(event);
        }
        return array.encode().getBytes(UTF_8);
    }

    @Test
    void aBatchOf100EventsTakesAThirdOfItsSize() {
        byte[] array = batch(100);

        byte[] stored = payload.of(array);

        assertThat(stored.length).isLessThan(array.length / 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 100, 3_000})
    void restoresEveryBatch(int events) {
        byte[] array = batch(events);

        byte[] stored = payload.of(array).clone();
        byte[] unused = payload.of(batch(events + 1)); // an instance is used again

        assertThat(BatchPayload.restored(stored, array.length)).isEqualTo(array);
    }

    @Test
    void leavesSmallAndIncompressibleBatchesAsTheyAre() {
        byte[] small = batch(2);
        byte[] noise = new byte[4_096];
        new Random(1).nextBytes(noise);
        noise[0] = '[';

        assertThat(small).hasSizeLessThan(BatchPayload.SMALLEST);
        assertThat(payload.of(small)).isSameAs(small);
        assertThat(payload.of(noise)).isSameAs(noise);
    }

    @Test
    void readsPayloadsOfVersion01() {
        byte[] array = batch(50);

        assertThat(BatchPayload.restored(array, array.length)).isSameAs(array);
    }

    @Test
    void reportsDamageInsteadOfReturningOtherEvents() {
        byte[] array = batch(100);
        byte[] stored = payload.of(array).clone();
        byte[] cut = Arrays.copyOf(stored, stored.length / 2);

        for (byte[] damaged : new byte[][] {cut, "no frame".getBytes(UTF_8)}) {
            assertThatThrownBy(() -> BatchPayload.restored(damaged, array.length))
                    .isInstanceOf(IllegalStateException.class);
        }
        for (long size : new long[] {array.length - 1, array.length + 1, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> BatchPayload.restored(stored, size)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void refusesAPayloadThatWouldFillTheMemory() {
        int size = BatchPayload.LARGEST + 1;
        byte[] bomb = Zstd.compress(new byte[size]);
        assertThat(bomb).hasSizeLessThan(10_000);

        assertThatThrownBy(() -> BatchPayload.restored(bomb, size)).hasMessageContaining("states a size of " + size);
        assertThatThrownBy(() -> BatchPayload.restored(bomb, 1_000)).hasMessageContaining("instead of 1000");
    }
}
