package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.Outcome.Applied;
import dev.ganglion.lane.Outcome.CapReached;
import dev.ganglion.lane.Outcome.Closed;
import dev.ganglion.lane.Outcome.Fenced;
import dev.ganglion.lane.Outcome.Opened;
import dev.ganglion.lane.Outcome.Replayed;
import dev.ganglion.lane.Outcome.Revoked;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.Slot;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests claims and releases of slots, and frames that store little or no data. */
public class SessionScriptsTest extends StoreTests {
    @Test
    void claimsFreeSlotsWithGrowingEpochs() {
        SessionRef other = Given.worker(session, "w|2");

        assertThat(store.one(Given.open(session))).isEqualTo(new Opened(1, null, null, 1));
        assertThat(store.one(Given.open(other))).isEqualTo(new Opened(2, null, null, 2));
        assertThat(store.one(Given.close(session))).isEqualTo(new Closed(true, null, 1));
        assertThat(store.one(Given.open(Given.next(session)))).isEqualTo(new Opened(3, null, null, 2));
    }

    @Test
    void returnsTheDisplacedSession() {
        store.one(Given.open(session));
        SessionRef next = Given.onNode(Given.next(session), "elsewhere");

        assertThat(store.one(Given.open(next))).isEqualTo(new Opened(2, session.sessionId(), Given.NODE, 1));
        assertThat(store.one(Given.open(Given.next(session))))
                .isEqualTo(new Opened(3, next.sessionId(), "elsewhere", 1));
    }

    @Test
    void answersOurOwnRetryOfAnOpenInTheSameWay() {
        store.one(Given.open(session));
        SessionRef next = Given.next(session);
        Outcome answer = store.one(Given.open(next, 1));

        assertThat(store.again(Given.open(next, 1))).isEqualTo(answer);
        assertThat(answer).isEqualTo(new Opened(2, session.sessionId(), Given.NODE, 1));
    }

    @Test
    void retryingTwoOpensTogetherLeavesTheSlotToTheLaterOne() {
        SessionRef next = Given.next(session);
        var both = List.of(new LaneCall(Given.open(session), false, 1), new LaneCall(Given.open(next), false, 1));
        store.apply(both);

        List<Outcome> outcomes = store.apply(both.stream().map(LaneCall::again).toList());

        assertThat(outcomes).containsExactly(new Fenced(true), new Opened(2, session.sessionId(), Given.NODE, 1));
        assertThat(store.one(Given.heartbeat(next, 1))).isEqualTo(new Applied());
        assertThat(store.again(Given.open(session)))
                .as("after a frame of the later session")
                .isEqualTo(new Fenced(true));
    }

    @Test
    void givesNoSlotToADeletedAgent() {
        redis.call("SET", shard().mark(), "1");
        redis.call("DEL", shard().agent(session.agentId()));

        assertThat(store.one(Given.open(session))).isEqualTo(new Revoked(true));
        assertThat(store.keys(session.projectId())).containsExactly(shard().mark());
    }

    @Test
    void callsNoAgentDeletedInAShardThatRedisLost() {
        redis.call("DEL", shard().agent(session.agentId()));

        assertThat(store.one(Given.open(session))).isEqualTo(new Revoked(false));
        assertThat(store.keys(session.projectId())).isEmpty();
    }

    @Test
    void theCapCountsSlotsAndNotSessions() {
        store.one(Given.open(session, 2));
        store.one(Given.open(Given.worker(session, "2"), 2));

        assertThat(store.one(Given.open(Given.worker(session, "3"), 2))).isEqualTo(new CapReached(false));
        assertThat(store.one(Given.open(Given.worker(session, "2"), 2))).isInstanceOf(Opened.class);
        assertThat(store.one(Given.open(Given.worker(session, "3"), 3))).isInstanceOf(Opened.class);
        assertThat(store.one(Given.open(Given.worker(session, "4"), 0))).isInstanceOf(Opened.class);
    }

    @Test
    void aRejectedWorkerMayConnectWhenASlotIsFree() {
        store.one(Given.open(session, 1));
        SessionRef refused = Given.worker(session, "2");
        store.one(Given.open(refused, 1));
        store.one(Given.close(refused));

        assertThat(slotOf(session)).startsWith(session.sessionId());
        store.one(Given.close(session));
        assertThat(store.one(Given.open(refused, 1))).isInstanceOf(Opened.class);
    }

    @Test
    void freesTheSlotsOfDeadNodesAtTheCap() {
        SessionRef dead = Given.onNode(session, "dead");
        store.one(Given.open(dead, 1));
        assertThat(store.one(Given.open(Given.worker(session, "2"), 1)))
                .as("the node may be new and not known yet")
                .isEqualTo(new CapReached(true));
        silence(dead);

        assertThat(store.one(Given.open(Given.worker(session, "2"), 1))).isInstanceOf(Opened.class);
        assertThat(store.one(Given.heartbeat(dead, 1))).isEqualTo(new Fenced(false));
    }

    @Test
    void freesAnExpiredLeaseAtTheCap() {
        store.one(Given.open(session, 1));
        endLease(session);

        assertThat(store.one(Given.open(Given.worker(session, "2"), 1))).isInstanceOf(Opened.class);
        assertThat(store.one(Given.heartbeat(session, 1))).isEqualTo(new Fenced(false));
    }

    @Test
    void suspectsASlotOfAnUntrustedNodeAtTheCap() {
        try (StoreFixture other = StoreFixture.on(redis.uri(), "other", StoreFixture.TUNING)) {
            other.one(Given.open(Given.onNode(session, "other"), 1));
            store.registerNode();

            assertThat(store.one(Given.open(Given.worker(session, "2"), 1))).isEqualTo(new CapReached(true));

            other.await(other.nodes.stop());
            silence(Given.onNode(session, "other"));
            store.registerNode();
            assertThat(store.one(Given.open(Given.worker(session, "2"), 1))).isInstanceOf(Opened.class);
        }
    }

    @Test
    void renewsAnExpiredLeaseThatNoOtherSessionTook() {
        store.one(Given.open(session));
        endLease(session);

        assertThat(store.one(Given.heartbeat(session, 1))).isEqualTo(new Applied());
        assertThat(Slot.parse(slotOf(session)).leaseEnd().toEpochMilli()).isGreaterThan(1);
    }

    @Test
    void onlyTheHolderReleasesASlot() {
        store.one(Given.open(session));
        SessionRef next = Given.next(session);
        store.one(Given.open(next));

        assertThat(store.one(Given.close(session))).isEqualTo(new Closed(false, null, 0));
        assertThat(store.one(Given.heartbeat(next, 1))).isEqualTo(new Applied());
        store.one(Given.close(next));
        assertThat(store.again(Given.close(next))).isEqualTo(new Closed(false, null, 0));
        assertThat(slotOf(next)).isEmpty();
    }

    @Test
    void closingASessionDoesNotRecreateADeletedAgent() {
        store.one(Given.open(session));
        redis.call("DEL", shard().agent(session.agentId()));

        store.one(Given.close(session));

        assertThat(redis.call("EXISTS", shard().agent(session.agentId()))).isEqualTo("0");
    }

    @Test
    void everyOtherFrameAdvancesTheSeq() {
        store.one(Given.open(session));
        InboundFrame beat = Given.heartbeat(session, 2);
        InboundFrame status = Given.frame(session, 3, new AgentStatus(Given.id(), Json.parse("{\"failures\":1}")));

        assertThat(store.apply(beat, status)).containsExactly(new Applied(), new Applied());

        assertThat(store.one(beat)).isEqualTo(new Replayed());
        assertThat(store.again(beat)).as("our own retry").isEqualTo(new Applied());
        assertThat(store.again(status)).as("our own retry").isEqualTo(new Applied());
        assertThat(redis.call("HGET", shard().statuses(session.agentId()), "w:"))
                .isEqualTo("{\"failures\":1}");
        assertThat(redis.call("HGET", shard().heartbeats(session.agentId()), "w:"))
                .contains("queue_depths");
    }

    @Test
    void fencesFramesIfAnotherOrNoSessionHoldsTheSlot() {
        store.one(Given.open(session));
        store.one(Given.open(Given.next(session)));
        SessionRef closed = Given.worker(session, "closed");

        for (Fenced fenced : List.of(new Fenced(true), new Fenced(false))) {
            SessionRef from = fenced.byAnotherSession() ? session : closed;
            assertThat(store.apply(Given.heartbeat(from, 1), Given.registry(from, 2, List.of("t"), List.of())))
                    .containsExactly(fenced, fenced);
            assertThat(store.again(Given.heartbeat(from, 1))).isEqualTo(fenced);
        }
        assertThat(redis.call("EXISTS", shard().registry(session.agentId()))).isEqualTo("0");
    }

    @Test
    void mergesRegistryDeltasAndIgnoresRetriesInOrder() {
        store.one(Given.open(session));
        InboundFrame delta = Given.registry(session, 1, List.of("a", "b"), List.of());
        InboundFrame next = Given.registry(session, 2, List.of("c"), List.of("a"));
        store.apply(delta, next);

        assertThat(store.again(delta)).isEqualTo(new Applied());
        assertThat(store.again(next)).isEqualTo(new Applied());
        assertThat(store.one(delta)).isEqualTo(new Replayed());
        assertThat(store.one(next)).isEqualTo(new Replayed());
        assertThat(redis.call("HKEYS", shard().registry(session.agentId())).lines())
                .containsExactlyInAnyOrder("celery|b", "celery|c");
    }

    @Test
    void appliesARetriedFrameAlthoughALaterFrameWasApplied() {
        store.one(Given.open(session));
        InboundFrame refused = Given.registry(session, 1, List.of("a"), List.of());
        InboundFrame beat = Given.heartbeat(session, 2);
        store.one(Given.frame(session, 3, new AgentStatus(Given.id(), Json.parse("{}"))));

        assertThat(store.again(refused)).isEqualTo(new Applied());
        assertThat(store.again(beat)).isEqualTo(new Applied());

        assertThat(redis.call("HKEYS", shard().registry(session.agentId()))).isEqualTo("celery|a");
        assertThat(redis.call("HGET", shard().heartbeats(session.agentId()), "w:"))
                .contains("queue_depths");
        assertThat(store.one(Given.heartbeat(session, 3)))
                .as("the last seq stayed")
                .isEqualTo(new Replayed());
    }

    @Test
    void theLargestRegistryDeltaTakesEffect() {
        store.one(Given.open(session));
        List<Json> added = IntStream.range(0, 10_000)
                .mapToObj(i -> Json.parse("{\"name\":\"added-" + i + "\"}"))
                .toList();
        List<Json> updated = IntStream.range(0, 10_000)
                .mapToObj(i -> Json.parse("{\"name\":\"updated-" + i + "\"}"))
                .toList();
        List<String> removed =
                IntStream.range(0, 10_000).mapToObj(i -> "removed-" + i).toList();

        assertThat(store.one(
                        Given.frame(session, 1, new RegistryDelta(Given.id(), "celery", added, removed, updated, 0))))
                .isEqualTo(new Applied());
        assertThat(redis.call("HLEN", shard().registry(session.agentId()))).isEqualTo("20000");
    }
}
