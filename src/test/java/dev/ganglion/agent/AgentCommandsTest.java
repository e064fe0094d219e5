package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentCommandsTest extends AgentTests {
    private static final String ID = "0d7e9a34-6f4f-4b06-8f0e-222222222222";

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void acks_a_command_and_answers_with_the_handlers_result(Dialect dialect) throws Exception {
        CommandHandler handler = command ->
                Future.succeededFuture(CommandOutcome.done(Json.parse("{\"verb\":\"" + command.verb() + "\"}")));
        agent(brain.options().withDialect(dialect), handler).start().await();
        ScriptedSession session = brain.session();

        session.send(command());

        assertThat(session.frame(CommandAck.class).commandIdOrFrameId()).isEqualTo(ID);
        CommandResult result = session.frame(CommandResult.class);
        assertThat(result.commandId()).isEqualTo(ID);
        assertThat(result.ok()).isTrue();
        assertThat(result.result().text()).isEqualTo("{\"verb\":\"cancel_task\"}");
        assertThat(result.id().equals(ID)).isEqualTo(dialect == Dialect.LIBRARY);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void answers_as_unsupported_without_a_handler(Dialect dialect) throws Exception {
        agent(brain.options().withDialect(dialect)).start().await();
        ScriptedSession session = brain.session();

        session.send(command());

        CommandResult result = session.frame(CommandResult.class);
        assertThat(result.ok()).isFalse();
        assertThat(result.errorMessage()).contains("cancel_task");
    }

    @Test
    void answers_with_a_failure_when_the_handler_fails() throws Exception {
        agent(brain.options(), command -> Future.failedFuture("no such task"))
                .start()
                .await();
        ScriptedSession session = brain.session();

        session.send(command());

        CommandResult result = session.frame(CommandResult.class);
        assertThat(result.ok()).isFalse();
        assertThat(result.errorMessage()).isEqualTo("no such task");
    }

    @Test
    void answers_with_a_failure_when_the_handler_throws() throws Exception {
        agent(brain.options(), command -> {
                    throw new IllegalStateException("broken");
                })
                .start()
                .await();
        ScriptedSession session = brain.session();

        session.send(command());

        assertThat(session.frame(CommandResult.class).errorMessage()).isEqualTo("broken");
    }

    @Test
    void answers_when_the_handler_completes_on_another_thread() throws Exception {
        agent(brain.options(), command -> vertx.executeBlocking(() -> CommandOutcome.done(Json.EMPTY_OBJECT)))
                .start()
                .await();
        ScriptedSession session = brain.session();

        session.send(command());

        assertThat(session.frame(CommandResult.class).ok()).isTrue();
    }

    @Test
    void cuts_a_result_that_exceeds_the_frame_limit() throws Exception {
        String large = "x".repeat(ScriptedSession.MAX_FRAME + 1);
        agent(
                        brain.options(),
                        command -> Future.succeededFuture(
                                new CommandOutcome(false, Json.string(large), large, "\uD83D\uDE00".repeat(9000))))
                .start()
                .await();
        ScriptedSession session = brain.session();

        session.send(command());

        CommandResult result = session.frame(CommandResult.class);
        assertThat(result.result().text()).contains("\"cut\":true").contains("\"bytes\":" + (large.length() + 2));
        assertThat(result.errorCode()).hasSize(80);
        assertThat(result.errorMessage()).isEqualTo("\uD83D\uDE00".repeat(8192));
    }

    @Test
    void runs_blocking_commands_on_worker_threads() throws Exception {
        CommandHandler blocking = CommandHandler.blocking(
                host,
                command -> CommandOutcome.done(Json.string(
                        Context.isOnEventLoopThread() ? "on the event loop" : command.verb() + " on a worker")));
        agent(brain.options(), blocking).start().await();
        ScriptedSession session = brain.session();

        session.send(command());

        assertThat(session.frame(CommandResult.class).result().text()).isEqualTo("\"cancel_task on a worker\"");
    }

    private static Command command() {
        return command(ID, "t");
    }
}
