package dev.ganglion.api.project;

import dev.ganglion.api.request.RestTimes;
import dev.ganglion.command.CommandState;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Serializes commands for REST. Results and errors of agents are copied byte for byte from the store. */
final class CommandJson {
    private CommandJson() {}

    /** Returns a command as JSON. */
    static Buffer of(String projectId, CommandTicket ticket) {
        CommandTicket.Order order = ticket.order();
        CommandState state = ticket.state();
        JsonObject head = new JsonObject()
                .put("id", ticket.id())
                .put("project_id", projectId)
                .put("agent_id", order.agentId())
                .put("verb", order.verb().wireName())
                .put("action", order.wire().action())
                .put("target_type", order.wire().targetType())
                .put("target_id", order.wire().targetId())
                .put("status", state.status())
                .put("issued_by", order.issuedBy())
                .put("issued_at", RestTimes.text(ticket.times().issuedAt()))
                .put("dispatched_at", RestTimes.text(ticket.times().dispatchedAt()))
                .put("acknowledged_at", RestTimes.text(ticket.times().acknowledgedAt()))
                .put("completed_at", RestTimes.text(endedAt(state)))
                .put("timeout_at", RestTimes.text(ticket.times().timeoutAt()))
                .put("timeout_seconds", order.timeoutSeconds())
                .put("dropped_arguments", new JsonArray(order.dropped()));
        if (state instanceof CommandState.TimedOut timedOut) {
            head.put("may_have_run", timedOut.mayHaveRun())
                    .put("late_result_at", RestTimes.text(timedOut.lateResultAt()));
        }
        String text = head.encode();
        return Buffer.buffer(text.substring(0, text.length() - 1))
                .appendString(",\"payload\":")
                .appendBytes(order.args().utf8())
                .appendString(",\"result\":")
                .appendBytes(result(state).utf8())
                .appendString(",\"error\":")
                .appendBytes(error(order, state).utf8())
                .appendString("}");
    }

    private static Json result(CommandState state) {
        if (state instanceof CommandState.Completed completed) {
            return completed.result();
        }
        return state instanceof CommandState.Failed failed ? failed.result() : Json.NULL;
    }

    private static Json error(CommandTicket.Order order, CommandState state) {
        if (state instanceof CommandState.TimedOut timedOut && !timedOut.mayHaveRun()) {
            return undelivered(order);
        }
        return state instanceof CommandState.Failed failed ? failed.error() : Json.NULL;
    }

    /** States why no session received a command in time; null if one did. */
    private static Json undelivered(CommandTicket.Order order) {
        CommandTicket.LibraryForm wire = order.wire();
        String engine = wire.engine() == null ? "" : " of the engine " + wire.engine();
        String worker = wire.forOneWorker() ? " for the worker " + wire.workerName() : "";
        return Json.parse(new JsonObject()
                .put("code", "not_delivered")
                .put(
                        "message",
                        "no session" + engine + worker + " could receive the command within " + order.timeoutSeconds()
                                + " s, and it did not run; check the agent's sessions and issue it again")
                .encode());
    }

    private static @Nullable Instant endedAt(CommandState state) {
        if (state instanceof CommandState.Completed completed) {
            return completed.at();
        } else if (state instanceof CommandState.Failed failed) {
            return failed.at();
        }
        return state instanceof CommandState.TimedOut timedOut ? timedOut.at() : null;
    }
}
