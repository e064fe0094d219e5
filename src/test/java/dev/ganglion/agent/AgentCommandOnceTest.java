package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks that each command runs once and that its outcome arrives, even if the brain repeats commands or connections
 * break.
 */
class AgentCommandOnceTest extends AgentTests {
    private static final String ONE = "0d7e9a34-6f4f-4b06-8f0e-000000000001";
    private static final String TWO = "0d7e9a34-6f4f-4b06-8f0e-000000000002";
    private static final String THREE = "0d7e9a34-6f4f-4b06-8f0e-000000000003";

    /** A command that the handler received, and the promise of its outcome. */
    private record Begun(Command command, Promise<CommandOutcome> outcome) {
        void done() {
            outcome.complete(CommandOutcome.done(Json.string(command.id())));
        }
    }

    private final BlockingQueue<Begun> begun = new LinkedBlockingQueue<>();

    private final CommandHandler held = command -> {
        Promise<CommandOutcome> outcome = Promise.promise();
        begun.add(new Begun(command, outcome));
        return outcome.future();
    };

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void acks_a_repeated_command_that_still_runs_without_running_it_again(Dialect dialect) throws Exception {
        agent(brain.options().withDialect(dialect), held).start().await();
        ScriptedSession session = brain.session();

        session.send(command(ONE, "a"));
        session.send(command(ONE, "a"));

        assertThat(session.frame(CommandAck.class).commandIdOrFrameId()).isEqualTo(ONE);
        assertThat(session.frame(CommandAck.class).commandIdOrFrameId()).isEqualTo(ONE);
        next().done();
        assertThat(session.frame(CommandResult.class).commandId()).isEqualTo(ONE);
        assertThat(begun).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void answers_a_repeated_finished_command_with_its_first_outcome(Dialect dialect) throws Exception {
        agent(brain.options().withDialect(dialect), held).start().await();
        ScriptedSession session = brain.session();
        session.send(command(ONE, "a"));
        next().done();
        CommandResult first = session.frame(CommandResult.class);
        session.send(new CommandAck("ack-1", ONE));

        session.send(command(ONE, "a"));

        assertThat(session.frame(CommandAck.class).commandIdOrFrameId()).isEqualTo(ONE);
        CommandResult again = session.frame(CommandResult.class);
        assertThat(again.commandId()).isEqualTo(ONE);
        assertThat(again.result()).isEqualTo(first.result());
        assertThat(begun).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void resends_an_outcome_after_a_reconnect_until_the_brain_acks_it(Dialect dialect) throws Exception {
        Agent agent = agent(brain.options().withDialect(dialect), held);
        agent.start().await();
        ScriptedSession first = brain.session();
        first.send(command(ONE, "a"));
        first.send(command(TWO, "b"));
        next().done();
        next().done();
        assertThat(first.frame(CommandResult.class).commandId()).isEqualTo(ONE);
        first.send(new CommandAck("ack-1", ONE));
        assertThat(first.frame(CommandResult.class).commandId()).isEqualTo(TWO);
        // The agent reads frames in order, so the ack of a third command proves that the agent has read the earlier
        // ack.
        first.send(command(THREE, "c"));
        assertThat(first.frame(CommandAck.class).commandIdOrFrameId()).isEqualTo(THREE);

        first.close(1001);

        ScriptedSession second = brain.session();
        assertThat(second.frame(CommandResult.class).commandId()).isEqualTo(TWO);
        next().done();
        assertThat(second.frame(CommandResult.class).commandId()).isEqualTo(THREE);
    }

    @Test
    void keeps_an_outcome_that_arrives_while_disconnected() throws Exception {
        agent(brain.options(), held).start().await();
        ScriptedSession first = brain.session();
        first.send(command(ONE, "a"));
        Begun running = next();
        brain.onNextHello(session -> {
            running.done();
            vertx.setTimer(20, later -> session.accept());
        });

        first.close(1001);

        assertThat(brain.session().frame(CommandResult.class).commandId()).isEqualTo(ONE);
    }

    @Test
    void runs_commands_for_one_target_in_order_and_other_targets_in_parallel() throws Exception {
        agent(brain.options(), held).start().await();
        ScriptedSession session = brain.session();

        session.send(command(ONE, "a"));
        session.send(command(TWO, "a"));
        session.send(command(THREE, "b"));

        Begun first = next();
        assertThat(first.command().id()).isEqualTo(ONE);
        Begun other = next();
        assertThat(other.command().id()).isEqualTo(THREE);
        assertThat(begun).isEmpty();
        first.done();
        assertThat(next().command().id()).isEqualTo(TWO);
    }

    @Test
    void answers_with_a_timeout_and_drops_the_late_outcome() throws Exception {
        agent(brain.options(), CommandHandler.withLimit(Duration.ofMillis(30), held))
                .start()
                .await();
        ScriptedSession session = brain.session();

        session.send(command(ONE, "a"));

        CommandResult result = session.frame(CommandResult.class);
        assertThat(result.ok()).isFalse();
        assertThat(result.errorCode()).isEqualTo("timeout");
        next().done();
        session.send(command(TWO, "a"));
        next().done();
        assertThat(session.frame(CommandResult.class).commandId()).isEqualTo(TWO);
    }

    @Test
    void never_starts_a_command_that_timed_out_while_waiting() throws Exception {
        agent(brain.options(), held).start().await();
        ScriptedSession session = brain.session();
        session.send(command(ONE, "a"));
        session.send(command(TWO, "a", 1));

        CommandResult late = session.frame(CommandResult.class);

        assertThat(late.commandId()).isEqualTo(TWO);
        assertThat(late.errorCode()).isEqualTo("timeout");
        next().done();
        assertThat(session.frame(CommandResult.class).commandId()).isEqualTo(ONE);
        assertThat(begun).isEmpty();
    }

    @Test
    void stops_once_the_brain_has_acked_every_outcome() throws Exception {
        Agent agent = agent(brain.options(), held);
        agent.start().await();
        ScriptedSession session = brain.session();
        session.send(command(ONE, "a"));
        Begun running = next();

        Future<Void> stopped = agent.stop(Duration.ofSeconds(20));
        running.done();
        CommandResult result = session.frame(CommandResult.class);
        assertThat(stopped.isComplete()).isFalse();
        session.send(new CommandAck("ack-1", result.commandId()));

        stopped.await();
        assertThat(session.closeCode()).isEqualTo(1000);
    }

    private Begun next() throws InterruptedException {
        Begun next = begun.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a command with the handler within 10 s").isNotNull();
        return next;
    }
}
