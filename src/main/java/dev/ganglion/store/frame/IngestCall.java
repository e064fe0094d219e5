package dev.ganglion.store.frame;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.Digests;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.store.event.RejectedEvents;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BatchPayload;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A call of {@code ingest.lua} for consecutive batches of one shard. The call is atomic as a whole. */
final class IngestCall implements StoreCall {
    /**
     * Time after which Redis drops a payload that the script neither kept nor dropped, in milliseconds. This happens if
     * Redis lost the script: then only the {@code SET} before the script took effect.
     */
    private static final long SENT_TTL_MS = 60_000;

    private static final int HASH_BYTES = 16;
    private static final byte[] NOTHING = {};
    /** First character of the reply for a batch that this call stored. */
    private static final char STORED = 'S';

    /** One batch. */
    private static final class Item {
        private final InboundFrame inbound;
        private final EventBatch batch;
        private final boolean retried;
        /** Payload to store; empty if there is nothing to store. */
        private final byte[] payload;
        /** Key of the payload in Redis; null if the stream entry contains the payload. */
        private final @Nullable String key;

        private Item(InboundFrame inbound, EventBatch batch, boolean retried, byte[] payload, @Nullable String key) {
            this.inbound = inbound;
            this.batch = batch;
            this.retried = retried;
            this.payload = payload;
            this.key = key;
        }

        byte[] inlined() {
            return key == null ? payload : NOTHING;
        }

        /** Size of the events as a JSON array, in bytes; 0 if there is nothing to store. */
        int eventBytes() {
            return payload.length == 0 ? 0 : batch.events().array().size();
        }

        /** The size of the events if they are compressed; otherwise empty, which saves a field in the stream. */
        String restoredSize() {
            int size = eventBytes();
            return size == payload.length ? "" : String.valueOf(size);
        }

        String answer() {
            int accepted = batch.events().size();
            int rejected = batch.rejected().size();
            return (accepted + rejected) + "|" + accepted + "|" + rejected;
        }
    }

    private final RedisKeys.Shard shard;
    private final boolean longPoll;
    private final Duration lease;
    private final StoreTuning tuning;
    private final BatchPayload payload;
    private final ProcessNames processes;
    private final List<Item> items = new ArrayList<>();
    private int payloads;
    private boolean rejects;

    /**
     * Creates a call for batches of the session's shard.
     *
     * @param payload compresses the batches
     * @param processes names the processes that sent them
     */
    IngestCall(SessionRef first, StoreTuning tuning, BatchPayload payload, ProcessNames processes) {
        this.shard = RedisKeys.Shard.of(first);
        this.longPoll = first.longPoll();
        this.lease = tuning.lease(first);
        this.tuning = tuning;
        this.payload = payload;
        this.processes = processes;
    }

    boolean takes(SessionRef session) {
        return shard.equals(RedisKeys.Shard.of(session)) && longPoll == session.longPoll();
    }

    void add(InboundFrame inbound, EventBatch batch, boolean retried) {
        String key = null;
        byte[] stored = batch.events().size() == 0
                ? NOTHING
                : payload.of(batch.events().array().utf8());
        if (stored.length > StoreTuning.INLINE_BYTES) {
            key = shard.payload(inbound.session().sessionId(), inbound.seq(), nonce());
            payloads++;
        }
        items.add(new Item(inbound, batch, retried, stored, key));
        rejects |= !batch.rejected().isEmpty();
    }

    /** Makes a suffix that no other call uses, on any node, even for the same frame. */
    private static String nonce() {
        return Long.toString(ThreadLocalRandom.current().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
    }

    @Override
    public int size() {
        return payloads == 0 ? 1 : payloads + 3;
    }

    @Override
    public void writeTo(List<Request> requests) {
        if (payloads == 0) {
            requests.add(script());
            return;
        }
        requests.add(Request.cmd(Command.MULTI));
        for (Item item : items) {
            if (item.key != null) {
                requests.add(Request.cmd(Command.SET)
                        .arg(item.key)
                        .arg(item.payload) // the array itself: a Buffer would copy it twice
                        .arg("PX")
                        .arg(SENT_TTL_MS));
            }
        }
        requests.add(script());
        requests.add(Request.cmd(Command.EXEC));
    }

    private Request script() {
        Arguments request = Arguments.of(Script.INGEST, 2 + items.size() * 4 + (rejects ? 1 : 0))
                .add(shard.events())
                .add(shard.totals());
        for (Item item : items) {
            SessionRef session = item.inbound.session();
            request.add(shard.sessions(session))
                    .add(shard.answers(session.agentId()))
                    .add(shard.answersOrder(session.agentId()))
                    .add(item.key == null ? shard.events() : item.key);
        }
        if (rejects) {
            request.add(shard.deadLetters());
        }
        request.add(lease.toMillis())
                .add(tuning.batchMemory().age().toMillis())
                .add(tuning.batchMemory().count())
                .add(tuning.retentionAge().toMillis());
        MessageDigest digest = Digests.newSha256();
        for (Item item : items) {
            SessionRef session = item.inbound.session();
            request.add(session.agentId())
                    .add(session.workerId())
                    .add(session.sessionId())
                    .add(item.inbound.seq())
                    .add(item.retried ? "1" : "0")
                    .add(hash(digest, item.batch.id()))
                    .add(item.answer())
                    .add(item.payload.length)
                    .add(item.inlined())
                    .add(item.restoredSize())
                    .add(processes.of(session.workerId()));
        }
        if (rejects) {
            addRejectedEvents(request);
        }
        return request.request();
    }

    /** Adds the rejected events after all other arguments. A call without rejected events therefore keeps its form. */
    private void addRejectedEvents(Arguments request) {
        request.add(tuning.rejectedEvents()).add(RejectedEvents.MAX_BYTES);
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            for (String event : RejectedEvents.of(item.inbound.session().agentId(), item.batch)) {
                request.add(i + 1).add(event);
            }
        }
    }

    private static byte[] hash(MessageDigest digest, String batchId) {
        return Arrays.copyOf(digest.digest(batchId.getBytes(StandardCharsets.UTF_8)), HASH_BYTES);
    }

    @Override
    public Response scriptReply(Response last) {
        return payloads == 0 || last.type() == ResponseType.ERROR ? last : last.get(last.size() - 1);
    }

    @Override
    public void read(Response each, List<Outcome> outcomes) {
        for (int i = 0; i < items.size(); i++) {
            String reply = each.get(i).toString();
            if (reply.charAt(0) == STORED) {
                Item item = items.get(i);
                payload.stored(item.eventBytes(), item.payload.length);
            }
            outcomes.add(outcome(reply));
        }
    }

    private static Outcome outcome(String reply) {
        return switch (reply.charAt(0)) {
            case 'F' -> new Outcome.Fenced(reply.equals("F1"));
            case 'R' -> new Outcome.Replayed();
            default -> stored(reply);
        };
    }

    private static Outcome stored(String reply) {
        String[] counts = reply.substring(2).split("\\|", -1);
        return new Outcome.Stored(
                Integer.parseInt(counts[0]),
                Integer.parseInt(counts[1]),
                Integer.parseInt(counts[2]),
                reply.charAt(0) == 'K');
    }
}
