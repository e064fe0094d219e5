package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.SessionRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests which long-poll sessions a node counts as online. */
class LongPollSessionsTest {
    private long now;
    private final LongPollSessions sessions = new LongPollSessions(() -> now);

    private static SessionRef session(String project, String agent, String nonce) {
        return new SessionRef("p", project, 0, agent, nonce, "s-" + nonce, "here", null);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void keepsASessionOnlineForNinetySecondsAfterItsLastRequest() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(60));
        unused = sessions.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(90).minusNanos(1));
        assertThat(sessions.pollers("shop")).containsExactly("a");
        assertThat(sessions.agents()).containsExactly("a");

        pass(Duration.ofNanos(1));
        assertThat(sessions.pollers("shop")).isEmpty();
        assertThat(sessions.agents()).isEmpty();
    }

    @Test
    void removesAnExpiredSession() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        pass(LongPollSessions.ONLINE);
        unused = sessions.recordRequest(session("shop", "b", "2"));

        assertThat(sessions.has(LongPollSessions.key(session("shop", "a", "1"))))
                .isFalse();
        assertThat(sessions.has(LongPollSessions.key(session("shop", "b", "2"))))
                .isTrue();
    }

    @Test
    void countsEverySessionButEachAgentOnce() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        unused = sessions.recordRequest(session("shop", "a", "2"));
        unused = sessions.recordRequest(session("other", "b", "1"));

        assertThat(sessions.pollers("shop")).containsExactly("a", "a");
        assertThat(sessions.agents()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void publishesASessionAtOnceAndThenEveryTwoSeconds() {
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isTrue();
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isFalse();
        pass(LongPollSessions.PUBLISH_INTERVAL.minusNanos(1));
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void takesASessionBackAfterTheOtherNodeIsSilentForTwoSeconds() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        pass(Duration.ofSeconds(1));
        sessions.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        assertThat(sessions.pollers("shop")).isEmpty();
        pass(LongPollSessions.PUBLISH_INTERVAL.minusNanos(1));
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isFalse();
        assertThat(sessions.pollers("shop")).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isTrue();
        assertThat(sessions.pollers("shop")).containsExactly("a");
    }

    @Test
    void ignoresAPublicationOlderThanItsOwn() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        sessions.movedAway(LongPollSessions.key(session("shop", "a", "1")), now - 1);
        assertThat(sessions.pollers("shop")).containsExactly("a");
        sessions.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        assertThat(sessions.pollers("shop")).isEmpty();
    }

    @Test
    void publishesASessionAtOnceAfterItEndedOnAnotherNode() {
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        sessions.movedAway(LongPollSessions.key(session("shop", "a", "1")), now);
        sessions.ended(LongPollSessions.key(session("shop", "a", "1")));
        assertThat(sessions.recordRequest(session("shop", "a", "1"))).isTrue();
    }

    @Test
    void assignsASessionThatAlternatesBetweenTwoNodesToOneOfThem() {
        List<LongPollSessions> nodes = List.of(sessions, new LongPollSessions(() -> now));
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
        boolean unused = sessions.recordRequest(session("shop", "a", "1"));
        unused = sessions.recordRequest(session("shop", "a", "2"));
        unused = sessions.recordRequest(session("shop", "a", "3"));
        sessions.movedAway(LongPollSessions.key(session("shop", "a", "3")), now);
        unused = sessions.recordRequest(session("shop", "b", "1"));

        assertThat(sessions.endAllOf("a"))
                .containsExactlyInAnyOrder(
                        LongPollSessions.key(session("shop", "a", "1")),
                        LongPollSessions.key(session("shop", "a", "2")));
        assertThat(sessions.pollers("shop")).containsExactly("b");
    }
}
