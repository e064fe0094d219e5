package dev.ganglion.api;

import dev.ganglion.command.CommandState;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Serializes commands for REST. Results and errors of agents are copied byte for byte from the store. */
final class CommandView {
    private CommandView() {}

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
                .put("issued_at", time(ticket.times().issuedAt()))
                .put("dispatched_at", time(ticket.times().dispatchedAt()))
                .put("acknowledged_at", time(ticket.times().acknowledgedAt()))
                .put("completed_at", time(endedAt(state)))
                .put("timeout_at", time(ticket.times().timeoutAt()))
                .put("timeout_seconds", order.timeoutSeconds())
                .put("dropped_arguments", new JsonArray(order.dropped()));
        if (state instanceof CommandState.TimedOut timedOut) {
            head.put("may_have_run", timedOut.mayHaveRun()).put("late_result_at", time(timedOut.lateResultAt()));
        }
        String text = head.encode();
        return Buffer.buffer(text.substring(0, text.length() - 1))
                .appendString(",\"payload\":")
                .appendBytes(order.args().utf8())
                .appendString(",\"result\":")
                .appendBytes(result(state).utf8())
                .appendString(",\"error\":")
                .appendBytes(error(state).utf8())
                .appendString("}");
    }

    static Buffer page(String projectId, CommandStore.Page page) {
        Buffer body = Buffer.buffer("{\"items\":[");
        for (int i = 0; i < page.items().size(); i++) {
            body.appendString(i > 0 ? "," : "")
                    .appendBuffer(of(projectId, page.items().get(i)));
        }
        String cursor = page.nextCursor() == null ? "null" : '"' + page.nextCursor() + '"';
        return body.appendString("],\"next_cursor\":").appendString(cursor).appendString("}");
    }

    private static Json result(CommandState state) {
        if (state instanceof CommandState.Completed completed) {
            return completed.result();
        }
        return state instanceof CommandState.Failed failed ? failed.result() : Json.NULL;
    }

    private static Json error(CommandState state) {
        return state instanceof CommandState.Failed failed ? failed.error() : Json.NULL;
    }

    private static @Nullable Instant endedAt(CommandState state) {
        if (state instanceof CommandState.Completed completed) {
            return completed.at();
        } else if (state instanceof CommandState.Failed failed) {
            return failed.at();
        }
        return state instanceof CommandState.TimedOut timedOut ? timedOut.at() : null;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
