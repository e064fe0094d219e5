package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.CodePointOrder;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes payloads in canonical form. Each method writes the keys in canonical order. */
final class PayloadWriter {
    private PayloadWriter() {}

    static void write(Frame frame, Dialect dialect, JsonWriter to) {
        if (frame instanceof AgentStatus status) {
            to.json(status.payload());
            return;
        }
        to.open('{');
        if (frame instanceof EventBatch batch) {
            to.key("events").json(batch.events().array());
        } else if (frame instanceof EventBatchAck ack) {
            to.key("accepted").number(ack.accepted()).key("acked_id").string(ack.ackedId());
            to.key("received").number(ack.received()).key("rejected").number(ack.rejected());
        } else if (frame instanceof Heartbeat heartbeat) {
            heartbeat(heartbeat, to);
        } else if (frame instanceof Command command) {
            command(command, to);
        } else if (frame instanceof CommandAck ack) {
            if (dialect == Dialect.DOCUMENTED) {
                to.key("command_id").string(ack.commandIdOrFrameId());
            }
        } else if (frame instanceof CommandResult result) {
            result(result, dialect, to);
        } else if (frame instanceof RegistryDelta delta) {
            array("added", delta.added(), to);
            to.key("engine").string(delta.engine());
            texts("removed", delta.removed(), to);
            array("updated", delta.updated(), to);
        } else if (frame instanceof ErrorFrame error) {
            to.key("code").string(error.code()).key("fatal").bool(error.fatal());
            to.key("message").string(error.message());
        } else if (frame instanceof Hello hello) {
            hello(hello, to);
        } else if (frame instanceof HelloAck ack) {
            helloAck(ack, to);
        }
        to.close('}');
    }

    private static void heartbeat(Heartbeat heartbeat, JsonWriter to) {
        to.key("adapter_health").open('{');
        for (Map.Entry<String, String> entry : sorted(heartbeat.adapterHealth()).entrySet()) {
            to.key(entry.getKey()).string(entry.getValue());
        }
        to.close('}');
        number("buffer_size", heartbeat.bufferSize(), to);
        number("dropped_events", heartbeat.droppedEvents(), to);
        text("last_flush_at", heartbeat.lastFlushAt(), to);
    }

    private static void command(Command command, JsonWriter to) {
        to.key("action").string(command.action()).key("args").json(command.args());
        to.key("command_id").string(command.id());
        text("issued_by", command.issuedBy(), to);
        to.key("parameters").json(command.parameters()).key("target").json(command.target());
        to.key("timeout_seconds").number(command.timeoutSeconds()).key("verb").string(command.verb());
    }

    private static void result(CommandResult result, Dialect dialect, JsonWriter to) {
        boolean failed = result.errorCode() != null || result.errorMessage() != null;
        if (dialect == Dialect.LIBRARY) {
            String message = result.errorMessage() == null ? result.errorCode() : result.errorMessage();
            text("error", message, to);
            to.key("result").json(result.result());
            to.key("status").string(result.ok() ? "success" : "failed");
            return;
        }
        to.key("command_id").string(result.commandId());
        if (failed) {
            to.key("error").open('{');
            text("code", result.errorCode(), to);
            text("message", result.errorMessage(), to);
            to.close('}');
        }
        to.key("ok").bool(result.ok()).key("result").json(result.result());
    }

    private static void hello(Hello hello, JsonWriter to) {
        to.key("agent_version").string(hello.agentVersion()).key("capabilities").open('{');
        for (Map.Entry<String, List<String>> entry :
                sorted(hello.features().capabilities()).entrySet()) {
            texts(entry.getKey(), entry.getValue(), to);
        }
        to.close('}');
        texts("engines", hello.features().engines(), to);
        to.key("framework").string(hello.framework()).key("host").json(hello.host());
        to.key("protocol_version").string(hello.protocolVersion());
        if (!hello.features().runtimeFeatures().isEmpty()) {
            texts("runtime_features", hello.features().runtimeFeatures(), to);
        }
        texts("schedulers", hello.features().schedulers(), to);
        Hello.WorkerProcess worker = hello.worker();
        text("worker_id", worker.id(), to);
        if (worker.pid() != null) {
            number("worker_pid", worker.pid().longValue(), to);
        }
        text("worker_role", worker.role(), to);
        if (worker.startedAt() != null) {
            to.key("worker_started_at").string(WireTime.time(worker.startedAt()));
        }
    }

    private static void helloAck(HelloAck ack, JsonWriter to) {
        to.key("agent_id").string(ack.agentId()).key("brain_version").string(ack.brainVersion());
        to.key("heartbeat_interval_seconds").number(ack.heartbeatIntervalSeconds());
        to.key("max_frame_size_bytes").number(ack.maxFrameSizeBytes());
        to.key("project_id").string(ack.projectId());
        to.key("protocol_version").string(ProtocolLimits.VERSION_TEXT);
        to.key("session_id").string(ack.sessionId());
    }

    private static void array(String key, List<Json> values, JsonWriter to) {
        to.key(key).open('[');
        values.forEach(to::json);
        to.close(']');
    }

    private static void texts(String key, List<String> values, JsonWriter to) {
        to.key(key).open('[');
        values.forEach(to::string);
        to.close(']');
    }

    private static void text(String key, @Nullable String value, JsonWriter to) {
        if (value != null) {
            to.key(key).string(value);
        }
    }

    private static void number(String key, @Nullable Long value, JsonWriter to) {
        if (value != null) {
            to.key(key).number(value);
        }
    }

    private static <T> Map<String, T> sorted(Map<String, T> map) {
        Map<String, T> sorted = new TreeMap<>(CodePointOrder::compare);
        sorted.putAll(map);
        return sorted;
    }
}
