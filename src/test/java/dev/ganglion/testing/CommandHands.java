package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.Frame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent does with commands, by hand: takes them, says that it has them, answers. */
public final class CommandHands {
    private CommandHands() {}

    /** The next frame, which is to be a command. */
    public static Command take(WireAgent agent) {
        Frame frame = agent.receive();
        if (frame instanceof Command command) {
            return command;
        }
        throw new AssertionError("no command but " + frame);
    }

    /** The next frame, which is to be this command. */
    @CanIgnoreReturnValue
    public static Command take(WireAgent agent, String id) {
        Command command = take(agent);
        if (!command.id().equals(id)) {
            throw new AssertionError("command " + command.id() + ", not " + id);
        }
        return command;
    }

    /** The ids of the next so many commands, in the order that they come. */
    public static List<String> take(WireAgent agent, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(take(agent).id());
        }
        return ids;
    }

    /** Fails when anything waits to be read: whatever the brain sent before it answered this batch has come. */
    public static void hasNothing(WireAgent agent) {
        agent.ingest(Wire.event());
    }

    /** Says that a command was received, as the library does. */
    public static void acknowledge(WireAgent agent, String id) {
        agent.send(agent.envelope("command_ack", new JsonObject()).put("id", id));
    }

    /** Says so, and waits until it took effect. */
    public static void acknowledgeDurably(WireAgent agent, String id) {
        acknowledge(agent, id);
        hasNothing(agent);
    }

    /** A good result in the documented shape, on its way. */
    public static void succeed(WireAgent agent, String id, @Nullable Object result) {
        agent.send(
                "command_result",
                new JsonObject().put("command_id", id).put("ok", true).put("result", result));
    }

    /** A good result, and the brain's word that it is stored. */
    public static void complete(WireAgent agent, String id, @Nullable Object result) {
        succeed(agent, id, result);
        released(agent, id);
    }

    /** A failure in the documented shape, and the brain's word that it is stored. */
    public static void fail(WireAgent agent, String id, String code, String message) {
        JsonObject error = new JsonObject().put("code", code).put("message", message);
        agent.send(
                "command_result",
                new JsonObject().put("command_id", id).put("ok", false).put("error", error));
        released(agent, id);
    }

    /** A result in the library's shape, and the brain's word that it is stored. */
    public static void answerAsLibrary(WireAgent agent, String id, JsonObject payload) {
        agent.send(agent.envelope("command_result", payload).put("id", id));
        released(agent, id);
    }

    /** The next frame, which is to say that the result of this command is stored. */
    public static void released(WireAgent agent, String id) {
        Frame frame = agent.receive();
        if (!(frame instanceof CommandAck ack) || !ack.commandIdOrFrameId().equals(id)) {
            throw new AssertionError("no command_ack for " + id + " but " + frame);
        }
    }

    /** A hello of an agent with these engines and what they can do. */
    public static JsonObject helloOf(JsonObject capabilities) {
        JsonObject hello =
                Wire.helloWith("engines", new io.vertx.core.json.JsonArray(new ArrayList<>(capabilities.fieldNames())));
        hello.getJsonObject("payload").put("capabilities", capabilities);
        return hello;
    }

    /** A hello of a worker with a role on a host. */
    public static JsonObject helloOf(String worker, String role, String host) {
        JsonObject hello = Wire.helloOf(worker);
        hello.getJsonObject("payload").put("worker_role", role).put("host", new JsonObject().put("hostname", host));
        return hello;
    }
}
