package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.journal.Presence;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.Outcome.CapReached;
import dev.ganglion.lane.Outcome.Claimed;
import dev.ganglion.lane.Outcome.Closed;
import dev.ganglion.lane.Outcome.Opened;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.cluster.RedisPresence;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Tests sessions whose node is not in the list of live nodes: a new node is not in the list yet, and a dead node no
 * longer is.
 */
class UnknownNodesTest extends StoreTests {
    private static final int CHECK_EVERY = 16;

    private SessionRef unknown() {
        return Given.onNode(Given.worker(session, "unknown"), "unknown-node");
    }

    @Test
    void dropsSlotsOfDeadNodesBelowTheCapFromTimeToTime() {
        SessionRef dead = Given.onNode(Given.worker(session, "dead"), "dead-node");
        SessionRef young = unknown();
        store.one(Given.open(dead));
        store.one(Given.open(young));
        silence(dead);
        for (int i = 2; i < CHECK_EVERY; i++) {
            store.one(Given.open(Given.worker(session, "w" + i)));
        }

        assertThat(store.one(Given.open(Given.worker(session, "one-more"))))
                .isEqualTo(new Opened(CHECK_EVERY + 1, null, null, CHECK_EVERY));
        assertThat(slotOf(dead)).isEmpty();
        assertThat(slotOf(young)).startsWith(young.sessionId());
        assertThat(store.one(Given.close(dead))).isEqualTo(new Closed(false, null, 0));
    }

    @Test
    void anOutdatedListDeclaresNoNodeDead() {
        try (StoreFixture old = StoreFixture.on(redis.uri(), "old", StoreFixture.TUNING)) {
            SessionRef silent = unknown();
            old.one(Given.open(Given.onNode(silent, "unknown-node"), 1));
            silence(silent);
            old.await(old.nodes.stop());
            Awaitility.await().until(() -> !old.nodes.recent());

            assertThat(old.one(Given.open(Given.onNode(session, "old"), 1))).isEqualTo(new CapReached(true));
            assertThat(store.one(Given.open(session, 1)))
                    .as("a node with a fresh list")
                    .isInstanceOf(Opened.class);
        }
    }

    @Test
    void takesOverTheSlotOfTheSameWorkerOnAnUnknownNode() {
        SessionRef young = unknown();
        store.one(Given.open(young, 1));
        assertThat(store.one(Given.open(Given.worker(session, "unknown"), 1)))
                .isEqualTo(new Opened(2, young.sessionId(), "unknown-node", 1));
    }

    /**
     * Stores a command of the agent. The session holds the command without having acknowledged it; a pending command
     * waits.
     */
    @CanIgnoreReturnValue
    private String command(SessionRef holder, String status) {
        String id = Given.id();
        List<String> fields = new ArrayList<>(List.of("HSET", shard().command(id), "status", status));
        if (!status.equals("pending")) {
            fields.addAll(List.of("session", holder.sessionId(), "worker", holder.workerId(), "node", holder.nodeId()));
            fields.addAll(List.of("claim", "before"));
        }
        fields.addAll(List.of("verb", "cancel", "args", "{}", "action", "cancel_task", "target", "{}"));
        fields.addAll(List.of("parameters", "{}", "timeout_seconds", "30", "issued_by", "me", "sticky", "0"));
        fields.addAll(List.of("timeout_at", "9999999999999"));
        redis.call(fields.toArray(String[]::new));
        redis.call("ZADD", shard().openCommands(session.agentId()), "1", id);
        String list = status.equals("pending")
                ? shard().waitingCommands(session.agentId())
                : shard().unansweredCommands(session.agentId());
        redis.call("ZADD", list, "1", id);
        return id;
    }

    private Claimed deliver() {
        Outcome outcome = store.one(new DeliverCommands(session.projectId(), session.shard(), session.agentId()));
        return (Claimed) outcome;
    }

    @Test
    void keepsTheCommandsOfASessionOnANewNode() {
        SessionRef young = unknown();
        store.one(Given.open(young));
        store.one(Given.open(session));
        String id = command(young, "dispatched");

        Claimed claimed = deliver();
        assertThat(claimed.deliveries()).isEmpty();
        assertThat(claimed.otherNodes()).as("the node to notify").containsExactly("unknown-node");
        assertThat(redis.call("HGET", shard().command(id), "session")).isEqualTo(young.sessionId());

        silence(young);
        assertThat(deliver().deliveries())
                .extracting(Outcome.Delivery::sessionId)
                .as("its node is dead")
                .containsExactly(session.sessionId());
        assertThat(redis.call("HGET", shard().command(id), "node")).isEqualTo(Given.NODE);
    }

    @Test
    void doesNotAssignCommandsToASessionOnAnUnknownNode() {
        store.one(Given.open(unknown()));
        command(session, "pending");
        assertThat(deliver()).isEqualTo(new Claimed(List.of(), List.of(), List.of(), List.of()));

        store.one(Given.open(session));
        assertThat(deliver().deliveries())
                .extracting(Outcome.Delivery::sessionId)
                .containsExactly(session.sessionId());
    }

    @Test
    void findsSessionsThatLostTheirSlots() {
        SessionRef holds = Given.worker(session, "holds");
        SessionRef taken = Given.worker(session, "taken");
        SessionRef gone = Given.worker(session, "gone");
        store.one(Given.open(holds));
        store.one(Given.open(taken));
        store.one(Given.open(Given.onNode(Given.next(taken), "unknown-node")));
        store.one(Given.open(gone));
        store.one(Given.close(gone));
        List<SessionRef> all = new ArrayList<>(List.of(holds, taken, gone));
        for (int i = 0; i < 1_200; i++) { // more than two calls can check
            all.add(Given.worker(session, "never-" + i));
        }
        Presence presence = new RedisPresence(store.shared, store.nodes);

        List<Presence.LostSlot> lost = store.await(presence.lost(all));
        assertThat(lost).hasSize(1_202);
        assertThat(lost.subList(0, 2))
                .containsExactly(new Presence.LostSlot(taken, true), new Presence.LostSlot(gone, false));
        assertThat(lost).extracting(Presence.LostSlot::session).containsAll(all.subList(3, all.size()));
        assertThat(store.await(presence.lost(List.of()))).isEmpty();
    }
}
