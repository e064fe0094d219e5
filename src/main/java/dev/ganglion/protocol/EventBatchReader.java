package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.event.EventRules;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.event.TallyCounter;
import dev.ganglion.protocol.event.WorkerNameCollector;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Emitter;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.JsonWriter;
import dev.ganglion.protocol.json.Overrides;
import dev.ganglion.protocol.json.Tape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event batch and checks each event on its own.
 *
 * <p>An event that breaks a rule is set aside with the reason; the other events of the batch are accepted. Accepted
 * events are copied from the canonical bytes that the agent signed, in a single copy if no event has to change.
 */
final class EventBatchReader {
    private static final byte[][] ID = {Overrides.key("id")};
    private static final byte[][] ENGINE_AND_ID = {Overrides.key("engine"), Overrides.key("id")};

    private final Tape tape;
    private final Emitter emitter;
    private final EventRules rules;
    private final @Nullable String soleEngine;
    private final List<RejectedEvent> rejected = new ArrayList<>(0);
    private @Nullable JsonWriter changed;
    private final TallyCounter tallies;
    private final WorkerNameCollector workers;
    private int accepted;

    /**
     * Creates a reader for one batch.
     *
     * @param soleEngine the only engine of the session; null if the session has none or several
     */
    EventBatchReader(FrameReader read, @Nullable String soleEngine) {
        this.tape = read.tape();
        this.emitter = read.emitter();
        this.rules = new EventRules(tape, read.timestamp());
        this.soleEngine = soleEngine;
        this.tallies = new TallyCounter(tape, soleEngine);
        this.workers = new WorkerNameCollector(tape);
    }

    EventBatch batch(String id, Fields payload) {
        int array = payload.arrayOrNone("events", ProtocolLimits.MAX_EVENTS);
        if (array == Fields.NONE) {
            throw payload.bad("events", "is required");
        }
        int count = tape.count(array);
        for (int i = 0; i < count; i++) {
            event(array, i);
        }
        return new EventBatch(
                id, new EventArray(accepted(array), accepted), rejected, tallies.tallies(), workers.workers());
    }

    private Json accepted(int array) {
        if (changed != null) {
            return Json.ofCanonical(changed.close(']').bytes());
        }
        return Json.ofCanonical(Arrays.copyOfRange(emitter.out, tape.outStart(array), tape.outEnd(array)));
    }

    private void event(int array, int index) {
        int at = array + Tape.HEADER + index * Tape.ELEMENT;
        int node = ~tape.start(at);
        if (node < 0 || tape.isArray(node)) {
            reject(array, index, "event", "an event must be an object");
            return;
        }
        String why = rules.check(node, soleEngine != null);
        if (why != null) {
            reject(array, index, rules.field(), rules.field() + " " + why);
            return;
        }
        accepted++;
        tallies.add(rules.engine(), rules.kind());
        workers.add(rules.engine(), rules.kind(), rules.data());
        if (!rules.idIsCanonical() || rules.engineMissing()) {
            writer(array, index);
            rewrite(node);
        }
        if (changed != null) {
            changed.slice(emitter.out, tape.outStart(node), tape.outEnd(node));
        }
    }

    private void reject(int array, int index, String field, String reason) {
        writer(array, index);
        Json event = Fields.json(tape, emitter, array + Tape.HEADER + index * Tape.ELEMENT);
        rejected.add(new RejectedEvent(index, field, reason, cut(event)));
    }

    /** Replaces an oversized event with a string: its beginning, followed by a mark that gives the original size. */
    private static Json cut(Json event) {
        if (event.size() <= ProtocolLimits.MAX_REJECTED_EVENT_BYTES) {
            return event;
        }
        // Keep half of the limit, because the string may need escapes. A character that the cut splits becomes U+FFFD.
        int kept = ProtocolLimits.MAX_REJECTED_EVENT_BYTES / 2;
        String start = new String(event.utf8(), 0, kept, StandardCharsets.UTF_8);
        return Json.string(start + "…[cut: " + kept + " of " + event.size() + " bytes]");
    }

    /**
     * Starts to collect accepted events one by one. The events before {@code index} were all accepted unchanged and are
     * copied at once.
     */
    private void writer(int array, int index) {
        if (changed == null) {
            changed = new JsonWriter().open('[');
            if (index > 0) {
                int first = ~tape.start(array + Tape.HEADER);
                int last = ~tape.start(array + Tape.HEADER + (index - 1) * Tape.ELEMENT);
                changed.slice(emitter.out, tape.outStart(first), tape.outEnd(last));
            }
        }
    }

    /** Writes the event again with a canonical id and an engine, behind the output written so far. */
    private void rewrite(int node) {
        String id = rules.givenId();
        byte[] member = ("\"id\":\"" + (id == null ? UUID.randomUUID().toString() : id) + '"')
                .getBytes(StandardCharsets.US_ASCII);
        Overrides overrides = rules.engineMissing() && soleEngine != null
                ? new Overrides(ENGINE_AND_ID, new byte[][] {engineMember(soleEngine), member})
                : new Overrides(ID, new byte[][] {member});
        emitter.reserve(tape.outEnd(node) - tape.outStart(node) + overrides.size());
        emitter.object(node, overrides);
    }

    private static byte[] engineMember(String engine) {
        return ("\"engine\":" + new String(Json.string(engine).utf8(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }
}
