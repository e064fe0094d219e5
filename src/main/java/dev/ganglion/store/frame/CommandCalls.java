package dev.ganglion.store.frame;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.PollMessage.ClaimFrames;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/** Builds the script calls that a lane makes for an agent's commands, and reads their replies. */
public final class CommandCalls {
    /** Largest result that is stored whole, in bytes. A larger result is cut and marked as cut. */
    static final int MAX_RESULT_BYTES = 256 * 1024;

    /**
     * Window of a session in commands: the most unanswered commands of the session. A command is unanswered until its
     * ack or its result arrives.
     */
    static final int WINDOW = 256;

    private static final int CUT_CHARS = 4_096;
    private static final String ENDED = "END|";
    private static final String NONE = "";

    private final Liveness nodes;
    private final StoreTuning tuning;
    private final long windowBytes;

    /**
     * Creates the calls of one lane.
     *
     * @param windowBytes window of a session in bytes, of the same commands as {@link #WINDOW}
     */
    public CommandCalls(Liveness nodes, StoreTuning tuning, long windowBytes) {
        this.nodes = nodes;
        this.tuning = tuning;
        this.windowBytes = windowBytes;
    }

    StoreCall dispatch(DeliverCommands deliver, long number) {
        return StoreCall.of(
                dispatch(deliver, number, null),
                reply -> DispatchReply.read(reply).commands());
    }

    /**
     * Builds the call of {@link #dispatch(DeliverCommands, long)} for a poll, which claims its own commands and acks as
     * well.
     */
    StoreCall claim(ClaimFrames claim, long number) {
        SessionRef session = claim.session();
        DeliverCommands deliver =
                new DeliverCommands(session.projectId(), session.shard(), session.agentId(), claim.all());
        return StoreCall.of(
                dispatch(deliver, number, claim),
                reply -> DispatchReply.read(reply).pollAnswer());
    }

    private Request dispatch(DeliverCommands deliver, long number, @Nullable ClaimFrames claim) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(deliver.projectId(), deliver.shard());
        Arguments arguments = Arguments.of(Script.DISPATCH, 10)
                .add(shard.slots(deliver.agentId()))
                .add(shard.details(deliver.agentId()))
                .add(shard.openCommands(deliver.agentId()))
                .add(shard.waitingCommands(deliver.agentId()))
                .add(shard.unansweredCommands(deliver.agentId()))
                .add(shard.commandLoad(deliver.agentId()))
                .add(shard.polls(deliver.agentId()))
                .add(shard.features(deliver.agentId()))
                .add(shard.reportedWorkers(deliver.agentId()))
                .add(shard.endedFeatures(deliver.agentId()))
                .add(shard.commandPrefix())
                .add(nodes.self())
                .add(nodes.self() + "/" + number)
                .add(deliver.all() ? "1" : "0")
                .add(WINDOW)
                .add(windowBytes)
                .add(shard.pollPrefix())
                .add(claim == null ? "" : claim.session().sessionId())
                .add(claim == null ? "" : PollCalls.poll(claim.session()))
                .add(claim == null ? 0 : claim.most())
                .add(nodes.recent() ? "1" : "0");
        nodes.live().forEach(arguments::add);
        return arguments.request();
    }

    StoreCall ack(InboundFrame inbound, CommandAck ack, boolean retried) {
        String commandId = ack.commandIdOrFrameId();
        Request request = applied(inbound, commandId, retried)
                .add("ack")
                .add(NONE)
                .add(NONE)
                .add(0)
                .add(WINDOW)
                .request();
        return StoreCall.of(request, reply -> acknowledged(commandId, reply));
    }

    StoreCall result(InboundFrame inbound, CommandResult result, boolean retried) {
        Request request = applied(inbound, result.commandId(), retried)
                .add(result.ok() ? "completed" : "failed")
                .add(bounded(result.result()).utf8())
                .add(result.ok() ? NONE : error(result).encode())
                .add(StoreTuning.COMMAND_MEMORY.toMillis())
                .add(WINDOW)
                .request();
        return StoreCall.of(request, reply -> reported(result, reply));
    }

    private static Outcome acknowledged(String commandId, Response reply) {
        CommandReply read = CommandReply.of(reply);
        return read == null
                ? SessionCalls.advanced(reply)
                : new Outcome.CommandAcknowledged(commandId, read.effect(), read.room());
    }

    private static Outcome reported(CommandResult result, Response reply) {
        CommandReply read = CommandReply.of(reply);
        return read == null
                ? SessionCalls.advanced(reply)
                : new Outcome.ResultReported(result.commandId(), read.effect(), read.ended(), result.ok(), read.room());
    }

    /** The reply of {@code command_frame.lua} to a frame that passed the checks of slot and seq. */
    private record CommandReply(
            Outcome.Effect effect, @Nullable String ended, boolean room) {
        /** Reads the reply; null if the frame did not pass the checks. */
        static @Nullable CommandReply of(Response reply) {
            String whole = reply.toString();
            boolean room = whole.startsWith("+");
            String text = room ? whole.substring(1) : whole;
            if (text.startsWith(ENDED)) {
                return new CommandReply(Outcome.Effect.TOOK_EFFECT, text.substring(ENDED.length()), room);
            }
            return switch (text) {
                case "OK" -> new CommandReply(Outcome.Effect.TOOK_EFFECT, null, room);
                case "SAME" -> new CommandReply(Outcome.Effect.REPEATED, null, room);
                case "LATE" -> new CommandReply(Outcome.Effect.LATE, null, false);
                case "REFUSED" -> new CommandReply(Outcome.Effect.REFUSED, null, false);
                default -> null;
            };
        }
    }

    private Arguments applied(InboundFrame inbound, String commandId, boolean retried) {
        SessionRef session = inbound.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        return Arguments.of(Script.COMMAND_FRAME, 7)
                .add(shard.sessions(session))
                .add(shard.command(commandId))
                .add(shard.deadlines())
                .add(shard.openCommands(session.agentId()))
                .add(shard.waitingCommands(session.agentId()))
                .add(shard.unansweredCommands(session.agentId()))
                .add(shard.commandLoad(session.agentId()))
                .add(session.workerId())
                .add(session.sessionId())
                .add(inbound.seq())
                .add(retried ? "1" : "0")
                .add(tuning.lease(session).toMillis())
                .add(session.agentId())
                .add(commandId);
    }

    private static JsonObject error(CommandResult result) {
        return new JsonObject().put("code", result.errorCode()).put("message", result.errorMessage());
    }

    private static Json bounded(Json result) {
        if (result.size() <= MAX_RESULT_BYTES) {
            return result;
        }
        String text = result.text();
        return Json.parse(new JsonObject()
                .put("cut", true)
                .put("bytes", result.size())
                .put("start", text.substring(0, text.offsetByCodePoints(0, CUT_CHARS)))
                .encode());
    }
}
