package dev.ganglion.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests one connection to a Redis that is killed, frozen and restarted. */
class RedisLineIT extends LineTests {
    private Future<Response> echo(String text) {
        return store.startOnLane(() -> store.line.send(Request.cmd(Command.ECHO).arg(text)));
    }

    private void untilAvailable(boolean wanted, Duration limit) {
        await().atMost(limit).until(() -> store.line.available() == wanted);
    }

    @Test
    void reconnectsAfterACrashAndARestart() {
        redis.kill9();
        untilAvailable(false, Duration.ofSeconds(2));
        Future<Response> meanwhile = echo("unanswered");
        await().until(meanwhile::isComplete);
        assertUnavailable(meanwhile);

        redis.restart();
        untilAvailable(true, Duration.ofSeconds(3));

        assertThat(store.await(echo("back")).toString()).isEqualTo("back");
    }

    @Test
    void failsAllCallsInFlightAtACrash() {
        redis.freeze();
        List<Future<Response>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(echo("call " + i));
        }

        redis.kill9();

        await().atMost(Duration.ofSeconds(3)).until(() -> calls.stream().allMatch(Future::isComplete));
        calls.forEach(LineTests::assertUnavailable);
        redis.restart();
    }

    @Test
    void reportsSilenceAndAnswersTheSameCallsAfterwards() {
        redis.freeze();
        Future<Response> call = echo("patience");

        untilAvailable(false, Duration.ofMillis(2_500));
        assertThat(call.isComplete()).isFalse();
        redis.thaw();

        assertThat(store.await(call).toString()).isEqualTo("patience");
        untilAvailable(true, Duration.ofSeconds(1));
    }

    @Test
    void detectsSilenceWithoutAnyCall() {
        redis.freeze();

        untilAvailable(false, Duration.ofMillis(2_500));
    }

    @Test
    void replacesAConnectionThatStaysSilent() {
        redis.freeze();
        Future<Response> call = echo("too late");

        await().atMost(Duration.ofMillis(RedisLine.GIVE_UP_MS + 2_000)).until(call::isComplete);
        assertUnavailable(call);
        assertThat(store.line.available()).isFalse();
        redis.thaw();

        untilAvailable(true, Duration.ofSeconds(6));
        assertThat(store.await(echo("again")).toString()).isEqualTo("again");
    }

    @Test
    void retriesAtLeastEverySecondAndAHalf() {
        redis.kill9();
        untilAvailable(false, Duration.ofSeconds(2));
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true); // long enough for the back-off to grow
        redis.restart();

        untilAvailable(true, Duration.ofMillis(RedisLine.BACKOFF_MAX_MS + 500));
    }

    @Test
    void rejectsCallsBeyondItsLimitAtOnce() {
        redis.freeze();
        List<Future<Response>> calls = new ArrayList<>();
        for (int i = 0; i < RedisLine.MAX_CALLS_IN_FLIGHT + 100; i++) {
            calls.add(echo("x"));
        }
        await().until(() -> calls.stream().filter(Future::failed).count() >= 100);
        redis.thaw();

        await().atMost(Duration.ofSeconds(5)).until(() -> calls.stream().allMatch(Future::isComplete));
        assertThat(calls.stream().filter(Future::succeeded).count())
                .isBetween((long) RedisLine.MAX_CALLS_IN_FLIGHT - 10, (long) RedisLine.MAX_CALLS_IN_FLIGHT);
    }

    @Test
    void storesAGroupOnceIfACrashLosesTheReply() {
        SessionRef session = Given.session(redis.uri());
        store.one(Given.open(session));
        List<LaneCall> entries = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            InboundFrame batch = Given.sized(session, i, Given.id(), i % 2 == 0 ? 3_000 : 300);
            entries.add(new LaneCall(batch, false, 1));
        }
        redis.freeze();
        var lost = store.start(entries);
        redis.kill9();
        await().until(lost::isComplete);
        assertThatThrownBy(lost::await).isInstanceOf(GanglionException.class);
        untilAvailable(false, Duration.ofSeconds(2)); // calls fail before the end of their connection is reported
        redis.restart();
        untilAvailable(true, Duration.ofSeconds(3));

        var outcomes = store.apply(entries.stream().map(LaneCall::again).toList());

        assertThat(outcomes).containsOnly(StoreTests.stored(1, false));
        assertThat(store.storedIds(session.projectId(), 1)).hasSize(60).doesNotHaveDuplicates();
        assertThat(store.orphans(RedisKeys.Shard.of(session))).isEmpty();
    }
}
