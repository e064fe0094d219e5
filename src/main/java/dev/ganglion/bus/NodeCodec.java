package dev.ganglion.bus;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.protocol.error.CloseCode;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;

/**
 * Encodes node messages as JSON and decodes them. Every message carries a version. A node ignores versions, message
 * types and topics that it does not know, so that nodes of two releases can run side by side.
 */
final class NodeCodec {
    private static final int VERSION = 1;

    private NodeCodec() {}

    static JsonObject encode(NodeMessage message) {
        if (message instanceof NodeMessage.EndSession end) {
            return of("end_session")
                    .put("session_id", end.sessionId())
                    .put("code", end.code().name());
        } else if (message instanceof NodeMessage.AgentRevoked revoked) {
            return of("agent_revoked").put("agent_id", revoked.agentId());
        } else if (message instanceof NodeMessage.WorkerChanged changed) {
            WorkerChange change = changed.change();
            return of("worker_changed")
                    .put("session", encode(change.session()))
                    .put("joined", change.joined())
                    .put("role", change.workerRole())
                    .put("connections", change.connections());
        } else if (message instanceof NodeMessage.CommandsWaiting waiting) {
            return of("commands_waiting")
                    .put("project_id", waiting.agent().projectId())
                    .put("shard", waiting.agent().shard())
                    .put("agent_id", waiting.agent().agentId());
        } else if (message instanceof NodeMessage.CommandEnded ended) {
            return of("command_ended").put("command_id", ended.commandId());
        } else if (message instanceof NodeMessage.Changed changed) {
            return of("changed").put("changes", StatisticsCodec.encode(changed.changes()));
        } else if (message instanceof NodeMessage.Pulse pulse) {
            return of("pulse").put("pulse", StatisticsCodec.encode(pulse.pulse()));
        } else if (message instanceof NodeMessage.LoginEnded ended) {
            return of("login_ended").put("session_id", ended.sessionId());
        } else if (message instanceof NodeMessage.AccessChanged changed) {
            return of("access_changed").put("subject_id", changed.subjectId());
        } else if (message instanceof NodeMessage.PollWakeUp wakeUp) {
            return of("poll_stirred").put("session_id", wakeUp.sessionId());
        } else if (message instanceof NodeMessage.ProjectorReport report) {
            return of("projector_report").put("load", StatisticsCodec.encode(report.load()));
        }
        return of("leave");
    }

    /**
     * Decodes a message. Returns empty for a message that only a later version knows; throws for an invalid message.
     */
    static Optional<NodeMessage> decode(JsonObject json) {
        if (json.getInteger("v", 0) != VERSION) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (json.getString("type", "")) {
                    case "end_session" ->
                        new NodeMessage.EndSession(text(json, "session_id"), CloseCode.valueOf(text(json, "code")));
                    case "agent_revoked" -> new NodeMessage.AgentRevoked(text(json, "agent_id"));
                    case "worker_changed" ->
                        new NodeMessage.WorkerChanged(new WorkerChange(
                                session(json.getJsonObject("session")),
                                json.getBoolean("joined"),
                                json.getString("role"),
                                json.getInteger("connections")));
                    case "commands_waiting" ->
                        new NodeMessage.CommandsWaiting(DeliverCommands.waitingOnly(
                                text(json, "project_id"), json.getInteger("shard"), text(json, "agent_id")));
                    case "command_ended" -> new NodeMessage.CommandEnded(text(json, "command_id"));
                    case "changed" -> new NodeMessage.Changed(StatisticsCodec.changes(json.getJsonArray("changes")));
                    case "pulse" -> new NodeMessage.Pulse(StatisticsCodec.pulse(json.getJsonObject("pulse")));
                    case "login_ended" -> new NodeMessage.LoginEnded(text(json, "session_id"));
                    case "access_changed" -> new NodeMessage.AccessChanged(text(json, "subject_id"));
                    case "poll_stirred" -> new NodeMessage.PollWakeUp(text(json, "session_id"));
                    case "projector_report" ->
                        new NodeMessage.ProjectorReport(StatisticsCodec.load(json.getJsonObject("load")));
                    case "leave" -> new NodeMessage.Leave();
                    default -> null;
                });
    }

    private static String text(JsonObject json, String field) {
        return Objects.requireNonNull(json.getString(field), field);
    }

    private static JsonObject of(String type) {
        return new JsonObject().put("v", VERSION).put("type", type);
    }

    private static JsonObject encode(SessionRef session) {
        return new JsonObject()
                .put("project_id", session.projectId())
                .put("project_slug", session.projectSlug())
                .put("shard", session.shard())
                .put("agent_id", session.agentId())
                .put("worker_id", session.workerId())
                .put("session_id", session.sessionId())
                .put("node_id", session.nodeId());
    }

    private static SessionRef session(JsonObject json) {
        return new SessionRef(
                text(json, "project_id"),
                text(json, "project_slug"),
                json.getInteger("shard"),
                text(json, "agent_id"),
                text(json, "worker_id"),
                text(json, "session_id"),
                text(json, "node_id"),
                null);
    }
}
