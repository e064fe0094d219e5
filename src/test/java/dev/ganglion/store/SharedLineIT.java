package dev.ganglion.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.RedisProcess;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import dev.ganglion.testing.RedisExtension;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What asks for something at the moment at which Redis is away. */
@Timeout(60)
class SharedLineIT {
    @TempDir
    Path data;

    private RedisProcess redis;
    private StoreFixture store;

    @BeforeEach
    void givenARedisThatIsKilled() {
        redis = RedisProcess.start(RedisExtension.spec(data));
        store = StoreFixture.on(redis.uri());
        redis.kill9();
        await().until(() -> !store.shared.available());
    }

    @AfterEach
    void stop() {
        store.close();
        redis.stop();
    }

    private Future<Response> echo() {
        return store.shared.send(Request.cmd(Command.ECHO).arg("hello"));
    }

    @Test
    void aCallWaitsForALineThatIsBackSoon() {
        redis.restart();
        assertThat(store.await(echo()).toString()).isEqualTo("hello");
    }

    @Test
    void aCallFailsWhenTheLineStaysAway() {
        Future<Response> call = echo();

        await().atMost(Duration.ofMillis(SharedLine.REJOIN_MS + 5_000)).until(call::isComplete);
        assertThat(call.cause())
                .isInstanceOfSatisfying(
                        GanglionException.class,
                        away -> assertThat(away.errorCode()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        redis.restart();
    }
}
