package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.SessionRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which long-poll sessions are online, by the requests that came here. */
class PollRollTest {
    private long now;
    private final PollRoll roll = new PollRoll(() -> now);

    private static SessionRef session(String project, String agent, String nonce) {
        return new SessionRef("p", project, 0, agent, nonce, "s-" + nonce, "here", null);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aSessionIsOnlineForNinetySecondsAfterItsLastRequest() {
        boolean unused = roll.seen(session("shop", "a", "1"));
        pass(Duration.ofSeconds(60));
        unused = roll.seen(session("shop", "a", "1"));
        pass(Duration.ofSeconds(90).minusNanos(1));
        assertThat(roll.pollers("shop")).containsExactly("a");
        assertThat(roll.agents()).containsExactly("a");

        pass(Duration.ofNanos(1));
        assertThat(roll.pollers("shop")).isEmpty();
        assertThat(roll.agents()).isEmpty();
    }

    @Test
    void whatIsOverIsForgotten() {
        boolean unused = roll.seen(session("shop", "a", "1"));
        pass(PollRoll.ONLINE);
        unused = roll.seen(session("shop", "b", "2"));

        assertThat(roll.has(PollRoll.key(session("shop", "a", "1")))).isFalse();
        assertThat(roll.has(PollRoll.key(session("shop", "b", "2")))).isTrue();
    }

    @Test
    void eachSessionCountsButAnAgentOnce() {
        boolean unused = roll.seen(session("shop", "a", "1"));
        unused = roll.seen(session("shop", "a", "2"));
        unused = roll.seen(session("other", "b", "1"));

        assertThat(roll.pollers("shop")).containsExactly("a", "a");
        assertThat(roll.agents()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theOthersAreToldAtOnceAndThenEveryTwoSeconds() {
        assertThat(roll.seen(session("shop", "a", "1"))).isTrue();
        assertThat(roll.seen(session("shop", "a", "1"))).isFalse();
        pass(PollRoll.TELL.minusNanos(1));
        assertThat(roll.seen(session("shop", "a", "1"))).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(roll.seen(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void aSessionThatWentElsewhereAndComesBackIsToldAtOnce() {
        boolean unused = roll.seen(session("shop", "a", "1"));
        roll.gone(PollRoll.key(session("shop", "a", "1")));
        assertThat(roll.pollers("shop")).isEmpty();
        assertThat(roll.seen(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void theEndOfAnAgentEndsItsSessionsAndNoOthers() {
        boolean unused = roll.seen(session("shop", "a", "1"));
        unused = roll.seen(session("shop", "a", "2"));
        unused = roll.seen(session("shop", "b", "1"));

        assertThat(roll.goneOf("a"))
                .containsExactlyInAnyOrder(
                        PollRoll.key(session("shop", "a", "1")), PollRoll.key(session("shop", "a", "2")));
        assertThat(roll.pollers("shop")).containsExactly("b");
    }
}
