package dev.ganglion.protocol;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.json.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the payloads of the two handshake frames, hello and hello_ack. */
final class HandshakeReader {
    private HandshakeReader() {}

    static Hello hello(Fields frame) {
        String id = frame.text("id", 1, ProtocolLimits.MAX_ID);
        Fields payload = frame.object("payload");
        String version = version(payload);
        String agentVersion = payload.text("agent_version", 0, ProtocolLimits.MAX_VERSION);
        String framework = payload.text("framework", 0, ProtocolLimits.MAX_FRAMEWORK);
        List<String> engines = payload.texts("engines", ProtocolLimits.MAX_ENGINES);
        List<String> schedulers = payload.texts("schedulers", ProtocolLimits.MAX_SCHEDULERS);
        Fields capabilities = payload.objectOrNull("capabilities");
        String workerId = payload.textOrNull("worker_id", ProtocolLimits.MAX_WORKER_ID);
        Long pid = payload.integerOrNull("worker_pid", 0, ProtocolLimits.MAX_WORKER_PID);
        return new Hello(
                id,
                version,
                agentVersion,
                framework,
                new Hello.Features(
                        engines,
                        schedulers,
                        capabilities == null ? Map.of() : capabilities.listsByName(),
                        payload.texts("runtime_features", ProtocolLimits.MAX_RUNTIME_FEATURES)),
                payload.jsonObject("host"),
                worker(payload, workerId, pid));
    }

    private static Hello.WorkerProcess worker(Fields payload, @Nullable String id, @Nullable Long pid) {
        return new Hello.WorkerProcess(
                id == null || id.isEmpty() ? null : id,
                payload.textOrNull("worker_role", ProtocolLimits.MAX_WORKER_ROLE),
                pid == null ? null : pid.intValue(),
                startedAt(payload));
    }

    private static String version(Fields payload) {
        String version = payload.text("protocol_version", 0, ProtocolLimits.MAX_VERSION);
        if (!version.equals(ProtocolLimits.VERSION_TEXT)) {
            throw new ProtocolException(
                    CloseCode.UNSUPPORTED_VERSION,
                    "payload.protocol_version must be \"" + ProtocolLimits.VERSION_TEXT + "\"",
                    "payload.protocol_version");
        }
        return version;
    }

    private static @Nullable Instant startedAt(Fields payload) {
        String text = payload.textOrNull("worker_started_at", ProtocolLimits.MAX_ID);
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Timestamp timestamp = new Timestamp();
        if (!timestamp.read(bytes, 0, bytes.length)) {
            throw payload.bad("worker_started_at", "must be an ISO 8601 time");
        }
        return timestamp.instant();
    }

    static HelloAck helloAck(Fields frame) {
        String id = frame.text("id", 1, ProtocolLimits.MAX_ID);
        Fields payload = frame.object("payload");
        String unused = version(payload);
        Long interval = payload.integerOrNull("heartbeat_interval_seconds", 1, 3600);
        Long size = payload.integerOrNull("max_frame_size_bytes", 1024, Integer.MAX_VALUE);
        return new HelloAck(
                id,
                payload.text("brain_version", 0, ProtocolLimits.MAX_VERSION),
                payload.text("agent_id", 1, ProtocolLimits.MAX_ID),
                payload.text("project_id", 1, ProtocolLimits.MAX_ID),
                payload.text("session_id", 1, ProtocolLimits.MAX_ID),
                interval == null ? 10 : interval.intValue(),
                size == null ? ProtocolLimits.MAX_FRAME_BYTES : size.intValue());
    }
}
