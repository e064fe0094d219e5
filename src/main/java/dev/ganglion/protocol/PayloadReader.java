package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.CutText;
import dev.ganglion.protocol.json.Emitter;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the payloads of signed frames, except event batches. */
final class PayloadReader {
    private final Tape tape;
    private final Emitter emitter;
    private final Fields payload;
    private final String id;

    PayloadReader(FrameReader read, String id, Fields payload) {
        this.tape = read.tape();
        this.emitter = read.emitter();
        this.payload = payload;
        this.id = id;
    }

    EventBatchAck eventBatchAck() {
        return new EventBatchAck(
                id,
                payload.text("acked_id", 0, ProtocolLimits.MAX_ID),
                count("received"),
                count("accepted"),
                count("rejected"));
    }

    private int count(String key) {
        Long count = payload.integerOrNull(key, 0, Integer.MAX_VALUE);
        if (count == null) {
            throw payload.bad(key, "is required");
        }
        return count.intValue();
    }

    Heartbeat heartbeat() {
        Fields health = payload.objectOrNull("adapter_health");
        return new Heartbeat(
                id,
                payload.integerOrNull("buffer_size", 0, ProtocolLimits.MAX_SEQ),
                payload.textOrNull("last_flush_at", ProtocolLimits.MAX_ID),
                payload.integerOrNull("dropped_events", 0, ProtocolLimits.MAX_SEQ),
                health == null ? Map.of() : health.textsByName());
    }

    Command command() {
        String action = payload.textOrNull("action", ProtocolLimits.MAX_CODE);
        String verb = payload.textOrNull("verb", ProtocolLimits.MAX_CODE);
        if (action == null && verb == null) {
            throw payload.bad("verb", "is required");
        }
        Long timeout = payload.integerOrNull("timeout_seconds", 1, ProtocolLimits.MAX_TIMEOUT_SECONDS);
        return new Command(
                id,
                verb == null ? String.valueOf(action) : verb,
                payload.jsonObject("args"),
                action == null ? String.valueOf(verb) : action,
                payload.jsonObject("target"),
                payload.jsonObject("parameters"),
                timeout == null ? 60 : timeout.intValue(),
                payload.textOrNull("issued_by", ProtocolLimits.MAX_ISSUED_BY));
    }

    CommandAck commandAck() {
        return new CommandAck(id, payload.textOrNull("command_id", ProtocolLimits.MAX_ID));
    }

    CommandResult commandResult() {
        Boolean ok = payload.flagOrNull("ok");
        if (ok == null) {
            return libraryResult();
        }
        String commandId = payload.text("command_id", 1, ProtocolLimits.MAX_ID);
        Json result = payload.json("result");
        Fields error = payload.objectOrNull("error");
        if (error == null) {
            return new CommandResult(id, commandId, ok, result, null, null);
        }
        String code = cut(error.textOrNull("code", Integer.MAX_VALUE), ProtocolLimits.MAX_CODE);
        String message = cut(error.textOrNull("message", Integer.MAX_VALUE), ProtocolLimits.MAX_MESSAGE);
        return new CommandResult(id, commandId, ok, result, code, message);
    }

    /**
     * Cuts the text to a limit. The documented error has no length limit, unlike the library's, but the stored text has
     * one.
     */
    private static @Nullable String cut(@Nullable String text, int most) {
        return text == null ? null : CutText.cut(text, most);
    }

    private CommandResult libraryResult() {
        String status = payload.textOrNull("status", ProtocolLimits.MAX_CODE);
        boolean success = "success".equals(status);
        if (!success && !"failed".equals(status)) {
            throw payload.bad("status", "must be success or failed, or ok must be true or false");
        }
        String error = payload.textOrNull("error", ProtocolLimits.MAX_MESSAGE);
        String named = payload.textOrNull("command_id", ProtocolLimits.MAX_ID);
        return new CommandResult(id, named == null ? id : named, success, payload.json("result"), null, error);
    }

    RegistryDelta registryDelta() {
        String engine = payload.text("engine", 0, ProtocolLimits.MAX_ENGINE);
        List<Json> added = new ArrayList<>();
        List<Json> updated = new ArrayList<>();
        int skipped = entries("added", added) + entries("updated", updated);
        List<String> removed = payload.texts("removed", ProtocolLimits.MAX_DELTA_ENTRIES);
        return new RegistryDelta(id, engine, added, removed, updated, skipped);
    }

    private int entries(String key, List<Json> to) {
        int array = payload.arrayOrNone(key, ProtocolLimits.MAX_DELTA_ENTRIES);
        int count = array == Fields.NONE ? 0 : tape.count(array);
        for (int i = 0; i < count; i++) {
            int at = array + Tape.HEADER + i * Tape.ELEMENT;
            int node = ~tape.start(at);
            if (node < 0 || tape.isArray(node)) {
                throw payload.bad(key, "must hold objects only");
            }
            if (isNamed(node)) {
                to.add(Fields.json(tape, emitter, at));
            }
        }
        return count - to.size();
    }

    private boolean isNamed(int node) {
        int name = Fields.find(tape, node, "name");
        if (name == 0 || tape.start(name) < 0 || tape.bytes[tape.start(name)] != '"') {
            return false;
        }
        int characters = CanonicalStringReader.codePoints(tape.bytes, tape.start(name), tape.end(name));
        return characters > 0 && characters <= ProtocolLimits.MAX_ENTRY_NAME;
    }

    AgentStatus agentStatus(Json whole) {
        return new AgentStatus(id, whole);
    }

    ErrorFrame error() {
        String code = payload.text("code", 0, ProtocolLimits.MAX_CODE);
        String message = payload.text("message", 0, ProtocolLimits.MAX_MESSAGE);
        @Nullable Boolean fatal = payload.flagOrNull("fatal");
        return new ErrorFrame(id, code, message, fatal != null && fatal);
    }
}
