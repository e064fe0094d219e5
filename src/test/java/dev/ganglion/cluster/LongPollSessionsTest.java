package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.SessionRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which long-poll sessions a node counts as online. */
class LongPollSessionsTest {
    private long now;
    private final LongPollSessions roll = new LongPollSessions(() -> now);

    private static SessionRef session(String project, String agent, String nonce) {
        return new SessionRef("p", project, 0, agent, nonce, "s-" + nonce, "here", null);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void keepsASessionOnlineForNinetySecondsAfterItsLastRequest() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(60));
        unused = roll.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(90).minusNanos(1));
        assertThat(roll.pollers("shop")).containsExactly("a");
        assertThat(roll.agents()).containsExactly("a");

        pass(Duration.ofNanos(1));
        assertThat(roll.pollers("shop")).isEmpty();
        assertThat(roll.agents()).isEmpty();
    }

    @Test
    void removesAnExpiredSession() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        pass(LongPollSessions.ONLINE);
        unused = roll.recordRequest(session("shop", "b", "2"));

        assertThat(roll.has(LongPollSessions.key(session("shop", "a", "1")))).isFalse();
        assertThat(roll.has(LongPollSessions.key(session("shop", "b", "2")))).isTrue();
    }

    @Test
    void countsEverySessionButEachAgentOnce() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        unused = roll.recordRequest(session("shop", "a", "2"));
        unused = roll.recordRequest(session("other", "b", "1"));

        assertThat(roll.pollers("shop")).containsExactly("a", "a");
        assertThat(roll.agents()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void publishesASessionAtOnceAndThenEveryTwoSeconds() {
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isTrue();
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isFalse();
        pass(LongPollSessions.PUBLISH_INTERVAL.minusNanos(1));
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void takesASessionBackAfterTheOtherNodeIsSilentForTwoSeconds() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(1));
        roll.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        assertThat(roll.pollers("shop")).isEmpty();
        pass(LongPollSessions.PUBLISH_INTERVAL.minusNanos(1));
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isFalse();
        assertThat(roll.pollers("shop")).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isTrue();
        assertThat(roll.pollers("shop")).containsExactly("a");
    }

    @Test
    void ignoresAPublicationOlderThanItsOwn() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        roll.movedAway(LongPollSessions.key(session("shop", "a", "1")), now - 1);
        assertThat(roll.pollers("shop")).containsExactly("a");
        roll.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        assertThat(roll.pollers("shop")).isEmpty();
    }

    @Test
    void publishesASessionAtOnceAfterItEndedOnAnotherNode() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        roll.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        roll.ended(LongPollSessions.key(session("shop", "a", "1")));
        assertThat(roll.recordRequest(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void assignsASessionThatAlternatesBetweenTwoNodesToOneOfThem() {
        List<LongPollSessions> nodes = List.of(roll, new LongPollSessions(() -> now));
        int published = 0;
        for (int request = 0; request < 200; request++) {
            LongPollSessions asked = nodes.get(request % 2);
            if (asked.recordRequest(session("shop", "a", "1"))) {
                published++;
                nodes.get((request + 1) % 2).movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
            }
            assertThat(nodes.stream().flatMap(node -> node.pollers("shop").stream()))
                    .containsExactly("a");
            pass(Duration.ofMillis(100));
        }
        assertThat(published).as("publications in 20 seconds").isLessThanOrEqualTo(11);
    }

    @Test
    void removesOnlyTheSessionsOfTheEndedAgent() {
        boolean unused = roll.recordRequest(session("shop", "a", "1"));
        unused = roll.recordRequest(session("shop", "a", "2"));
        unused = roll.recordRequest(session("shop", "a", "3"));
        roll.movedAway(LongPollSessions.key(session("shop", "a", "3")), now);
        unused = roll.recordRequest(session("shop", "b", "1"));

        assertThat(roll.endAllOf("a"))
                .containsExactlyInAnyOrder(
                        LongPollSessions.key(session("shop", "a", "1")),
                        LongPollSessions.key(session("shop", "a", "2")));
        assertThat(roll.pollers("shop")).containsExactly("b");
    }
}
