package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.PollMessage.AdmitFrames;
import dev.ganglion.bus.PollMessage.ClaimFrames;
import dev.ganglion.bus.PollMessage.EndPoll;
import dev.ganglion.bus.PollMessage.KeepAcks;
import dev.ganglion.bus.PollMessage.Mark;
import dev.ganglion.bus.PollMessage.OpenPoll;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.PollOutcome;
import dev.ganglion.lane.PollOutcome.Admitted;
import dev.ganglion.lane.PollOutcome.PollClaimed;
import dev.ganglion.lane.PollOutcome.PollOpened;
import dev.ganglion.lane.PollOutcome.PollSessionGone;
import dev.ganglion.lane.PollOutcome.Waiting;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.testing.redis.RedisExtension;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests long-poll sessions in the store. Each step takes effect once, however often it is retried. */
class PollScriptsTest {
    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private StoreFixture store;
    private SessionRef session;

    @BeforeEach
    void open() {
        store = StoreFixture.on(redis.uri());
        session = poll(Given.session(redis.uri()), "nonce");
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Creates a session of the same agent with this nonce. */
    private static SessionRef poll(SessionRef of, String nonce) {
        return new SessionRef(
                of.projectId(), of.projectSlug(), of.shard(), of.agentId(), nonce, Given.id(), of.nodeId(), Given.id());
    }

    private static OpenPoll opening(SessionRef session) {
        return new OpenPoll(session, "127.0.0.1", true);
    }

    private static AdmitFrames admitting(SessionRef session, Mark... marks) {
        return new AdmitFrames(session, List.of(marks), HmacEncoding.HEX);
    }

    private Outcome numbered(AdmitFrames message, long number, boolean retried) {
        return store.apply(List.of(new LaneCall(message, retried, number))).get(0);
    }

    @Test
    void createsASessionOnceAndFindsItByItsNonce() {
        OpenPoll first = opening(session);
        assertThat(store.one(first)).isEqualTo(new PollOpened(session.sessionId(), true, null, List.of()));
        assertThat(((PollOpened) store.again(first)).fresh()).isTrue();
        PollOpened next = (PollOpened) store.one(opening(poll(session, "nonce")));

        assertThat(next.sessionId()).isEqualTo(session.sessionId());
        assertThat(next.fresh()).isFalse();
        assertThat(next.before()).isEqualTo(new Waiting(session.sessionId(), Given.NODE));
    }

    @Test
    void admitsFramesOnceAndAgainForARetriedCall() {
        store.one(opening(session));
        AdmitFrames frames = admitting(session, new Mark(1, "a"), new Mark(2, "b"));

        assertThat(numbered(frames, 1, false)).isEqualTo(new Admitted(2));
        store.one(Given.heartbeat(session, 2));
        assertThat(numbered(frames, 1, true)).isEqualTo(new Admitted(2));
        assertThat(numbered(frames, 2, false)).isEqualTo(new Admitted(0));
        assertThat(numbered(admitting(session, new Mark(3, "c"), new Mark(4, "a")), 3, false))
                .isEqualTo(new Admitted(1));
        assertThat(numbered(admitting(session, new Mark(2, "new")), 4, false)).isEqualTo(new Admitted(0));
    }

    @Test
    void fencesFramesOfAnEndedSession() {
        store.one(opening(session));
        store.one(new EndPoll(session, CloseCode.REPLAYED_FRAME));

        assertThat(store.one(Given.batch(session, 1, Given.id(), Given.id()))).isEqualTo(new Outcome.Fenced(false));
        assertThat(store.one(opening(poll(session, "nonce")))).isEqualTo(new PollSessionGone());
        assertThat(numbered(admitting(session, new Mark(1, "a")), 1, false)).isEqualTo(new PollSessionGone());
        assertThat(store.keys(session.sessionId())).isEmpty();
    }

    @Test
    void deliversAcksOnceInOrderAndAgainForARetriedCall() {
        store.one(opening(session));
        EventBatchAck odd = new EventBatchAck("f", "a|b\n|", 3, 2, 1);
        EventBatchAck plain = new EventBatchAck("f", "c", 1, 1, 0);
        store.one(new KeepAcks(session, List.of(odd)));
        store.one(new KeepAcks(session, List.of(plain, odd)));
        ClaimFrames claim = new ClaimFrames(session, 10, true);

        PollClaimed first = (PollClaimed) store.one(claim);
        PollClaimed again = (PollClaimed) store.again(claim);

        assertThat(first.acks().stream().map(EventBatchAck::ackedId)).containsExactly("a|b\n|", "c");
        assertThat(first.acks().get(0).rejected()).isEqualTo(1);
        assertThat(first.firstSeq()).isEqualTo(1);
        assertThat(again.acks().stream().map(EventBatchAck::ackedId)).containsExactly("a|b\n|", "c");
        assertThat(again.firstSeq()).isEqualTo(3);
        PollClaimed rest = (PollClaimed)
                store.apply(List.of(new LaneCall(claim, false, 2))).get(0);
        assertThat(rest.acks()).isEmpty();
    }

    @Test
    void limitsTheNumberOfUndeliveredAcks() {
        store.one(opening(session));
        for (int i = 0; i < StoreTuning.POLL_ACKS + 10; i++) {
            store.one(new KeepAcks(session, List.of(new EventBatchAck("f", "b" + i, 1, 1, 0))));
        }
        PollClaimed claimed = (PollClaimed) store.one(new ClaimFrames(session, 1, true));

        assertThat(claimed.acks().get(0).ackedId()).isEqualTo("b10");
    }

    @Test
    void givesNothingToAReplacedPoll() {
        store.one(opening(session));
        SessionRef newer = poll(session, "nonce").withStoreId(session.sessionId());
        store.one(opening(newer));
        store.one(new KeepAcks(session, List.of(new EventBatchAck("f", "b", 1, 1, 0))));

        assertThat(store.one(new ClaimFrames(session, 10, true))).isEqualTo(new PollOutcome.PollReplaced());
        assertThat(((PollClaimed) store.one(new ClaimFrames(newer, 10, true))).acks())
                .hasSize(1);
    }

    @Test
    void endsTheLeastRecentlyActiveSessionBeyondTheLimit() {
        store.one(opening(session));
        for (int i = 1; i < StoreTuning.POLL_SESSIONS; i++) {
            assertThat(((PollOpened) store.one(opening(poll(session, "n" + i)))).evicted())
                    .isEmpty();
        }
        PollOpened opened = (PollOpened) store.one(opening(poll(session, "one more")));

        assertThat(opened.evicted())
                .containsExactly(new PollOutcome.Evicted("nonce", new Waiting(session.sessionId(), Given.NODE)));
        assertThat(store.one(opening(poll(session, "nonce")))).isEqualTo(new PollSessionGone());
    }

    @Test
    void storesBatchesOfConnectionsAndPollsInOneCall() {
        store.one(opening(session));
        SessionRef connection = Given.worker(session, "w");
        store.one(Given.open(connection));

        List<Outcome> outcomes = store.apply(
                Given.batch(session, 1, Given.id(), Given.id()),
                Given.batch(connection, 1, Given.id(), Given.id()),
                Given.batch(session, 2, Given.id(), Given.id()));

        assertThat(outcomes).allMatch(Outcome.Stored.class::isInstance);
    }
}
