package dev.ganglion.store;

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

/** What REST asks of a Redis that went away, and of one that has just come back. */
class SharedLineIT extends LineTests {
    private Future<Response> echo(String text) {
        return store.shared.send(Request.cmd(Command.ECHO).arg(text));
    }

    private void untilAway() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !store.shared.available());
    }

    /** Frames go over other lines, which may be back first: whoever has their ack may read at once. */
    @RepeatedTest(3)
    void theFirstCallAfterRedisIsBackIsAnsweredHoweverLongTheBackOff() {
        redis.kill9();
        untilAway();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // long enough for the back-off to have grown
        redis.restart();

        assertThat(store.await(echo("at once")).toString()).isEqualTo("at once");
    }

    @Test
    void aRedisThatIsSilentIsAskedNothingMoreAndACallWaitsForItsFirstWord() {
        redis.freeze();
        untilAway();
        Future<Response> late = echo("late");
        await().atMost(Duration.ofMillis(RedisLine.WAIT_MS + 3_000)).until(late::isComplete);
        assertUnavailable(late);

        Future<Response> patient = echo("patient");
        redis.thaw();

        assertThat(store.await(patient).toString()).isEqualTo("patient");
    }

    @Test
    void whileRedisIsAwayEveryCallIsRefusedSoonAlsoWhenThereAreMany() {
        redis.kill9();
        untilAway();
        List<Future<Response>> calls = new ArrayList<>();
        for (int i = 0; i < RedisLine.MAX_CALLS_IN_FLIGHT + 100; i++) {
            calls.add(echo("nobody hears it"));
        }

        await().atMost(Duration.ofMillis(RedisLine.WAIT_MS + 3_000))
                .until(() -> calls.stream().allMatch(Future::isComplete));
        calls.forEach(LineTests::assertUnavailable);
    }
}
