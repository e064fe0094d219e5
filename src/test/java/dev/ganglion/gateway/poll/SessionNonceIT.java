package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.SessionIds;
import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionNonceIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    /** Whoever records a frame of a WebSocket session and has the token cannot deliver it again by long poll. */
    @Test
    void aFrameOfAWebSocketSessionIsNeverAcceptedByLongPoll() {
        EnrolledAgent agent = nodes.first().agent();
        String frame;
        String session;
        try (WireAgent connected = nodes.connect(0, agent, "w")) {
            session = connected.sessionId();
            frame = connected.send("event_batch", WireFrames.batch(WireFrames.event()));
            assertThat(connected.ack().accepted()).isEqualTo(1);
            refuses(agent, session, frame);
            connected.closeInOrder();
        }
        refuses(agent, session, frame);
        refuses(agent, session.toUpperCase(Locale.ROOT), frame);
    }

    private static void refuses(EnrolledAgent agent, String session, String frame) {
        assertThat(SessionIds.hasForm(session)).isTrue();
        PollAgent replay = PollAgent.with(agent, session);
        for (int node = 0; node < 3; node++) {
            Rest.Response upload = replay.upload(nodes.port(node), frame);
            assertThat(upload.status()).isEqualTo(503);
            assertThat(upload.json().getString("message")).contains(PollAgent.NONCE, "session id of the brain");
            Rest.Response poll = replay.poll(nodes.port(node), 0);
            assertThat(poll.status()).isEqualTo(400);
            assertThat(poll.json().getString("message")).contains(PollAgent.NONCE, "session id of the brain");
        }
        assertThat(nodes.rest(0).get(agent.path() + "/workers").expect(200).encode())
                .doesNotContain("\"transport\":\"poll\"");
    }

    /** Released agents send {@code secrets.token_urlsafe(16)}; other agents may send any UUID of a common version. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Drmhze6EPcv0fN_81Bj-nA",
                "8Rmhze6E8cv0fN_81Bj-nA",
                "16fd2706-8baf-433b-82eb-8c7fada847da",
                "a8098c1a-f86e-11da-bd1a-00112444be1e",
                "01890a5d-ac96-774b-bcce-b302099a8057"
            })
    void otherNoncesStayValid(String nonce) {
        EnrolledAgent agent = nodes.first().agent();
        PollAgent poll = PollAgent.with(agent, nonce);
        assertThat(poll.uploaded(nodes.port(0), poll.batch()).getInteger("accepted"))
                .isEqualTo(1);
    }

    @Test
    void everySessionIdOfTheBrainHasTheFormThatLongPollRefuses() {
        for (int i = 0; i < 1_000; i++) {
            String id = SessionIds.random();
            assertThat(List.of(id, id.toUpperCase(Locale.ROOT), id.replace("-", ""), "{" + id + "}"))
                    .allMatch(SessionIds::hasForm);
        }
    }
}
