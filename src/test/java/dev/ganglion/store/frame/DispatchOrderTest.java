package dev.ganglion.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.command.Verb;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.command.RedisCommands;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that commands of a session that is gone precede commands that were issued later. This holds even if the wake-up
 * for a new command arrives before the full dispatch that follows each open and close.
 */
class DispatchOrderTest extends StoreTests {
    private RedisCommands commands;

    @BeforeEach
    void givenCommands() {
        commands = new RedisCommands(store.shared, store.projects, Given.NODE, Clock.systemUTC());
    }

    private String issued() {
        CommandTicket.LibraryForm wire = new CommandTicket.LibraryForm(
                "cancel_task", "task", "celery:t", Json.EMPTY_OBJECT, Json.EMPTY_OBJECT, null, null);
        CommandTicket.Order order = new CommandTicket.Order(
                session.agentId(), Verb.CANCEL_TASK, Json.EMPTY_OBJECT, wire, 60, "test", List.of());
        String id = Given.id();
        var place = new CommandStore.Place(session.projectId(), 1, 0);
        assertThat(store.await(commands.issue(place, id, order))).isPresent();
        return id;
    }

    private List<String> delivered(SessionRef to) {
        DeliverCommands wake = DeliverCommands.waitingOnly(session.projectId(), session.shard(), session.agentId());
        var deliveries = ((Outcome.Claimed) store.one(wake)).deliveries();
        assertThat(deliveries).extracting(Outcome.Delivery::sessionId).containsOnly(to.sessionId());
        return deliveries.stream().map(each -> each.command().id()).toList();
    }

    @Test
    void redeliversTheCommandsOfThePreviousSessionFirst() {
        store.one(Given.open(session));
        String first = issued();
        assertThat(delivered(session)).containsExactly(first);

        SessionRef next = Given.next(session);
        store.one(Given.open(next));
        String second = issued();

        assertThat(delivered(next)).containsExactly(first, second);
    }

    @Test
    void redeliversAcknowledgedCommandsFirst() {
        store.one(Given.open(session));
        String first = issued();
        assertThat(delivered(session)).containsExactly(first);
        store.one(Given.frame(session, 1, new CommandAck(first, null)));

        SessionRef next = Given.next(session);
        store.one(Given.open(next));
        String second = issued();

        assertThat(delivered(next)).containsExactly(first, second);
    }

    @Test
    void redeliversTheCommandsOfAClosedSessionToAnotherWorkerFirst() {
        SessionRef stays = Given.worker(session, "stays");
        store.one(Given.open(session));
        String first = issued();
        assertThat(delivered(session)).containsExactly(first);
        store.one(Given.open(stays));
        store.one(Given.close(session));
        String second = issued();

        assertThat(delivered(stays)).containsExactly(first, second);
    }
}
