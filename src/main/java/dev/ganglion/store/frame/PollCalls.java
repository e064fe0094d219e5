package dev.ganglion.store.frame;

import dev.ganglion.bus.PollMessage.AdmitFrames;
import dev.ganglion.bus.PollMessage.EndPoll;
import dev.ganglion.bus.PollMessage.KeepAcks;
import dev.ganglion.bus.PollMessage.OpenPoll;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.Outcome;
import dev.ganglion.lane.PollOutcome;
import dev.ganglion.lane.PollOutcome.Evicted;
import dev.ganglion.lane.PollOutcome.Waiting;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.FrameIds;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the script calls for long-poll sessions, and reads their replies. */
public final class PollCalls {
    private static final int COUNTS = 3;
    private static final String BASE64 = "b64";

    private final String self;
    private final Clock clock;

    public PollCalls(String self, Clock clock) {
        this.self = self;
        this.clock = clock;
    }

    StoreCall open(OpenPoll open) {
        SessionRef session = open.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        JsonObject details = new JsonObject()
                .put("connected_at", clock.instant().toString())
                .put("remote_address", open.remoteAddress());
        Request request = ofSession(Script.POLL_OPEN, 6, session)
                .add(shard.mark())
                .add(session.workerId())
                .add(session.sessionId())
                .add(session.nodeId())
                .add(open.takesOver() ? poll(session) : "")
                .add(StoreTuning.POLL_LEASE.toMillis())
                .add(StoreTuning.POLL_MEMORY.toMillis())
                .add(StoreTuning.POLL_SESSIONS)
                .add(details.encode())
                .add(shard.pollPrefix())
                .request();
        return StoreCall.of(request, PollCalls::opened);
    }

    /** Starts a call of a script that may end sessions, with the keys that the end of a session changes. */
    private static Arguments ofSession(Script script, int keys, SessionRef session) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        return Arguments.of(script, keys)
                .add(shard.agent(session.agentId()))
                .add(shard.polls(session.agentId()))
                .add(shard.endedPolls(session.agentId()))
                .add(shard.heartbeats(session.agentId()))
                .add(shard.statuses(session.agentId()));
    }

    private static Outcome opened(Response reply) {
        return switch (reply.get(0).toString()) {
            case "OPEN" -> {
                String id = reply.get(1).toString();
                List<Evicted> evicted = new ArrayList<>();
                for (int i = 4; i < reply.size(); i += 3) {
                    Waiting poll = waitingOrNull(
                            reply.get(i + 1).toString(), reply.get(i + 2).toString());
                    evicted.add(new Evicted(reply.get(i).toString(), poll));
                }
                boolean fresh = reply.get(2).toString().equals("1");
                yield new PollOutcome.PollOpened(
                        id, fresh, waitingOrNull(id, reply.get(3).toString()), evicted);
            }
            case "OVER" -> new PollOutcome.PollSessionGone();
            case "GONE" -> new Outcome.Revoked(true);
            default -> new Outcome.Revoked(false);
        };
    }

    StoreCall admit(AdmitFrames admit, long number) {
        SessionRef session = admit.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Arguments request = Arguments.of(Script.POLL_ADMIT, 4)
                .add(shard.polls(session.agentId()))
                .add(shard.poll(session))
                .add(shard.pollNonces(session))
                .add(shard.pollOrder(session))
                .add(session.workerId())
                .add(session.sessionId())
                .add(self + "/" + number)
                .add(admit.encoding() == HmacEncoding.BASE64 ? BASE64 : "hex")
                .add(ProtocolLimits.NONCE_MEMORY.toMillis())
                .add(ProtocolLimits.MAX_NONCES);
        admit.marks().forEach(mark -> request.add(mark.seq()).add(mark.nonce()));
        return StoreCall.of(request.request(), PollCalls::admitted);
    }

    private static Outcome admitted(Response reply) {
        int count = reply.toInteger();
        return count < 0 ? new PollOutcome.PollSessionGone() : new PollOutcome.Admitted(count);
    }

    StoreCall keep(KeepAcks keep) {
        SessionRef session = keep.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Arguments request = Arguments.of(Script.POLL_ACKS, 3)
                .add(shard.polls(session.agentId()))
                .add(shard.poll(session))
                .add(shard.pollAcks(session))
                .add(session.workerId())
                .add(session.sessionId())
                .add(StoreTuning.POLL_ACKS)
                .add(StoreTuning.POLL_MEMORY.toMillis());
        keep.acks()
                .forEach(ack -> request.add(
                        ack.received() + "|" + ack.accepted() + "|" + ack.rejected() + "|" + ack.ackedId()));
        return StoreCall.of(request.request(), reply -> kept(session, reply));
    }

    private static Outcome kept(SessionRef session, Response reply) {
        return new PollOutcome.AcksKept(waitingOrNull(session.sessionId(), reply.toString()));
    }

    StoreCall end(EndPoll end) {
        SessionRef session = end.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Request request = ofSession(Script.POLL_END, 9, session)
                .add(shard.poll(session))
                .add(shard.pollNonces(session))
                .add(shard.pollOrder(session))
                .add(shard.pollAcks(session))
                .add(session.workerId())
                .add(session.sessionId())
                .add(StoreTuning.POLL_MEMORY.toMillis())
                .request();
        return StoreCall.of(request, reply -> ended(end.session(), reply));
    }

    private static Outcome ended(SessionRef session, Response reply) {
        return new PollOutcome.PollEnded(
                reply.get(0).toInteger() == 0
                        ? null
                        : waitingOrNull(session.sessionId(), reply.get(1).toString()));
    }

    /** Encodes a poll as the scripts store it: node and request, separated by {@code |}. */
    static String poll(SessionRef session) {
        return session.nodeId() + "|" + session.request();
    }

    static Waiting waiting(String sessionId, String poll) {
        return new Waiting(sessionId, poll.substring(0, poll.indexOf('|')));
    }

    private static @Nullable Waiting waitingOrNull(String sessionId, String poll) {
        return poll.isEmpty() ? null : waiting(sessionId, poll);
    }

    static HmacEncoding encoding(String text) {
        return text.equals(BASE64) ? HmacEncoding.BASE64 : HmacEncoding.HEX;
    }

    /** Decodes an ack that {@link #keep} encoded. The batch id is the last part, because it may contain {@code |}. */
    static EventBatchAck ack(String text) {
        String[] parts = text.split("\\|", COUNTS + 1);
        return new EventBatchAck(
                FrameIds.next(),
                parts[COUNTS],
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]));
    }
}
