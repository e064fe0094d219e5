package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts a Redis for each test, which tests may kill and freeze, and creates a node's adapters on it. */
@Timeout(60)
abstract class LineTests {
    @TempDir
    Path data;

    RedisProcess redis;
    StoreFixture store;

    @BeforeEach
    void start() {
        redis = RedisProcess.start(RedisExtension.spec(data));
        store = StoreFixture.on(redis.uri());
    }

    @AfterEach
    void stop() {
        if (redis.alive()) { // Redis may be frozen, and the store must be closed properly.
            redis.thaw();
        }
        store.close();
        redis.stop();
    }

    static void assertUnavailable(Future<?> call) {
        assertThat(call.cause())
                .isInstanceOfSatisfying(
                        GanglionException.class,
                        lost -> assertThat(lost.errorCode()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }
}
