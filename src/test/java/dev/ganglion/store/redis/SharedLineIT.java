package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Tests REST calls to a Redis that is unavailable, and to one that has just become available again. */
class SharedLineIT extends LineTests {
    private Future<Response> echo(String text) {
        return store.shared.send(Request.cmd(Command.ECHO).arg(text));
    }

    private void untilUnavailable() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !store.shared.available());
    }

    /** Lanes use other connections, which may reconnect first. A client that has received an ack may read at once. */
    @RepeatedTest(3)
    void answersTheFirstCallAfterRedisIsBack() {
        redis.kill9();
        untilUnavailable();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // long enough for the back-off to grow
        redis.restart();

        assertThat(store.await(echo("at once")).toString()).isEqualTo("at once");
    }

    @Test
    void waitsForTheFirstSignOfLifeOfASilentRedis() {
        redis.freeze();
        untilUnavailable();
        Future<Response> late = echo("late");
        await().atMost(Duration.ofMillis(RedisLine.WAIT_MS + 3_000)).until(late::isComplete);
        assertUnavailable(late);

        Future<Response> patient = echo("patient");
        redis.thaw();

        assertThat(store.await(patient).toString()).isEqualTo("patient");
    }

    @Test
    void rejectsManyCallsSoonWhileRedisIsUnavailable() {
        redis.kill9();
        untilUnavailable();
        List<Future<Response>> calls = new ArrayList<>();
        for (int i = 0; i < RedisLine.MAX_CALLS_IN_FLIGHT + 100; i++) {
            calls.add(echo("unanswered"));
        }

        await().atMost(Duration.ofMillis(RedisLine.WAIT_MS + 3_000))
                .until(() -> calls.stream().allMatch(Future::isComplete));
        calls.forEach(LineTests::assertUnavailable);
    }
}
