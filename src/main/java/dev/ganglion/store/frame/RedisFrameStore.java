package dev.ganglion.store.frame;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.PollMessage.AdmitFrames;
import dev.ganglion.bus.PollMessage.ClaimFrames;
import dev.ganglion.bus.PollMessage.EndPoll;
import dev.ganglion.bus.PollMessage.KeepAcks;
import dev.ganglion.bus.PollMessage.OpenPoll;
import dev.ganglion.lane.FrameStore;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Effects in Redis over a line of its own. What is handed in together goes in one write; batches of one shard that
 * follow each other share one script call, with their large payloads before it in the same transaction.
 */
public final class RedisFrameStore implements FrameStore {
    private final RedisLine line;
    private final SessionCalls sessions;
    private final CommandCalls commands;
    private final PollCalls polls;
    private final StoreTuning tuning;

    public RedisFrameStore(
            RedisLine line, SessionCalls sessions, CommandCalls commands, PollCalls polls, StoreTuning tuning) {
        this.line = line;
        this.sessions = sessions;
        this.commands = commands;
        this.polls = polls;
        this.tuning = tuning;
    }

    @Override
    public Future<Void> start() {
        return line.start();
    }

    @Override
    public void availabilityHandler(Handler<Boolean> handler) {
        line.availabilityHandler(handler);
    }

    @Override
    public boolean available() {
        return line.available();
    }

    @Override
    public Future<Void> close() {
        return line.close();
    }

    @Override
    public Future<List<Outcome>> apply(List<LaneCall> entries) {
        List<Request> requests = new ArrayList<>();
        List<Call> calls = calls(entries);
        calls.forEach(call -> call.writeTo(requests));
        if (tuning.minReplicas() > 0) {
            requests.add(StoreTuning.waitFor(tuning.minReplicas()));
        }
        return line.batchOrReconnect(requests).map(replies -> outcomes(calls, replies, entries.size()));
    }

    private List<Call> calls(List<LaneCall> entries) {
        List<Call> calls = new ArrayList<>();
        IngestCall ingest = null;
        for (LaneCall entry : entries) {
            if (entry.message() instanceof InboundFrame inbound && inbound.frame() instanceof EventBatch batch) {
                if (ingest == null || !ingest.takes(inbound.session())) {
                    ingest = new IngestCall(inbound.session(), tuning);
                    calls.add(ingest);
                }
                ingest.add(inbound, batch, entry.retried());
            } else {
                ingest = null;
                calls.add(single(entry));
            }
        }
        return calls;
    }

    private Call single(LaneCall entry) {
        LaneMessage message = entry.message();
        if (message instanceof OpenSession open) {
            return new SingleCall(sessions.open(open, entry.retried()), SessionCalls::opened);
        } else if (message instanceof CloseSession close) {
            return new SingleCall(sessions.close(close.session()), SessionCalls::closed);
        }
        if (message instanceof PollMessage poll) {
            return poll(poll, entry.number());
        }
        if (message instanceof DeliverCommands deliver) {
            return new SingleCall(commands.dispatch(deliver, entry.number()), CommandCalls::claimed);
        }
        InboundFrame inbound = (InboundFrame) message;
        if (inbound.frame() instanceof CommandAck ack) {
            String id = ack.commandIdOrFrameId();
            return new SingleCall(commands.ack(inbound, id, entry.retried()), reply -> CommandCalls.applied(id, reply));
        } else if (inbound.frame() instanceof CommandResult result) {
            String id = result.commandId();
            return new SingleCall(
                    commands.result(inbound, result, entry.retried()), reply -> CommandCalls.applied(id, reply));
        }
        Request request = inbound.frame() instanceof RegistryDelta delta
                ? sessions.registry(inbound, delta, entry.retried())
                : sessions.advance(inbound, entry.retried());
        return new SingleCall(request, SessionCalls::advanced);
    }

    private Call poll(PollMessage message, long number) {
        if (message instanceof OpenPoll open) {
            return new SingleCall(polls.open(open), PollCalls::opened);
        } else if (message instanceof AdmitFrames admit) {
            return new SingleCall(polls.admit(admit, number), PollCalls::admitted);
        } else if (message instanceof ClaimFrames claim) {
            return new SingleCall(commands.claim(claim, number), CommandCalls::polled);
        } else if (message instanceof KeepAcks keep) {
            return new SingleCall(polls.keep(keep), reply -> PollCalls.kept(keep.session(), reply));
        }
        EndPoll end = (EndPoll) message;
        return new SingleCall(polls.end(end), reply -> PollCalls.ended(end.session(), reply));
    }

    private List<Outcome> outcomes(List<Call> calls, List<Response> replies, int expected) {
        if (tuning.minReplicas() > 0) {
            int acknowledged = replies.get(replies.size() - 1).toInteger();
            if (acknowledged < tuning.minReplicas()) {
                line.reconnect("only " + acknowledged + " replicas have the write");
                throw new GanglionException(ErrorCode.STORE_UNAVAILABLE, "too few replicas have the write");
            }
        }
        List<Outcome> outcomes = new ArrayList<>(expected);
        int at = 0;
        for (Call call : calls) {
            Response reply = call.answer(replies.get(at + call.size() - 1));
            at += call.size();
            if (reply.type() == ResponseType.ERROR) {
                line.reconnect(reply.toString());
                throw new GanglionException(ErrorCode.STORE_UNAVAILABLE, "the store failed: " + reply);
            }
            call.read(reply, outcomes);
        }
        return outcomes;
    }

    /** Requests that are written together, and the meaning of the last one's reply. */
    interface Call {
        void writeTo(List<Request> requests);

        int size();

        /** The part of the last reply that matters: an error in a transaction does not fail the transaction. */
        default Response answer(Response last) {
            return last;
        }

        void read(Response reply, List<Outcome> outcomes);
    }

    private record SingleCall(Request request, Function<Response, Outcome> meaning) implements Call {
        @Override
        public void writeTo(List<Request> requests) {
            requests.add(request);
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void read(Response reply, List<Outcome> outcomes) {
            outcomes.add(meaning.apply(reply));
        }
    }
}
