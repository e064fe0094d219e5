package dev.ganglion.testing.command;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent's part in the life of a command, step by step: receives, acknowledges and answers commands. */
public final class CommandSteps {
    private CommandSteps() {}

    /** Receives the next frame, which must be a command. */
    public static Command receive(WireAgent agent) {
        Frame frame = agent.receive();
        if (frame instanceof Command command) {
            return command;
        }
        throw new AssertionError("expected a command but received " + frame);
    }

    /** Receives the next frame, which must be this command. */
    @CanIgnoreReturnValue
    public static Command receive(WireAgent agent, String id) {
        Command command = receive(agent);
        if (!command.id().equals(id)) {
            throw new AssertionError("received command " + command.id() + " instead of " + id);
        }
        return command;
    }

    /** Receives the next {@code count} commands and returns their ids in order of arrival. */
    public static List<String> receive(WireAgent agent, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(receive(agent).id());
        }
        return ids;
    }

    /** Fails if the brain has sent any other frame before its answer to a new batch. */
    public static void assertNothingReceived(WireAgent agent) {
        agent.ingest(WireFrames.event());
    }

    /** Acknowledges a command, like the library. */
    public static void acknowledge(WireAgent agent, String id) {
        agent.send(agent.envelope("command_ack", new JsonObject()).put("id", id));
    }

    /** Acknowledges a command and waits until the acknowledgement took effect. */
    public static void acknowledgeDurably(WireAgent agent, String id) {
        acknowledge(agent, id);
        assertNothingReceived(agent);
    }

    /** Sends a successful result in the documented format, without waiting. */
    public static void succeed(WireAgent agent, String id, @Nullable Object result) {
        agent.send(
                "command_result",
                new JsonObject().put("command_id", id).put("ok", true).put("result", result));
    }

    /** Sends a successful result and waits until the brain confirms that the result is stored. */
    public static void complete(WireAgent agent, String id, @Nullable Object result) {
        succeed(agent, id, result);
        awaitResultStored(agent, id);
    }

    /** Sends a failure in the documented format and waits until the brain confirms that it is stored. */
    public static void fail(WireAgent agent, String id, String code, String message) {
        JsonObject error = new JsonObject().put("code", code).put("message", message);
        agent.send(
                "command_result",
                new JsonObject().put("command_id", id).put("ok", false).put("error", error));
        awaitResultStored(agent, id);
    }

    /** Sends a result in the library's format and waits until the brain confirms that it is stored. */
    public static void answerAsLibrary(WireAgent agent, String id, JsonObject payload) {
        agent.send(agent.envelope("command_result", payload).put("id", id));
        awaitResultStored(agent, id);
    }

    /** Receives the next frame, which must confirm that the result of this command is stored. */
    public static void awaitResultStored(WireAgent agent, String id) {
        Frame frame = agent.receive();
        if (!(frame instanceof CommandAck ack) || !ack.commandIdOrFrameId().equals(id)) {
            throw new AssertionError("expected a command_ack for " + id + " but received " + frame);
        }
    }

    /** Returns a hello with the engines and capabilities of an agent. */
    public static JsonObject helloOf(JsonObject capabilities) {
        JsonObject hello = WireFrames.helloWith("engines", new JsonArray(new ArrayList<>(capabilities.fieldNames())));
        hello.getJsonObject("payload").put("capabilities", capabilities);
        return hello;
    }

    /** Returns a hello of a worker process with a role on a host. */
    public static JsonObject helloOf(String worker, String role, String host) {
        JsonObject hello = WireFrames.helloOf(worker);
        hello.getJsonObject("payload").put("worker_role", role).put("host", new JsonObject().put("hostname", host));
        return hello;
    }
}
