package dev.ganglion.store.frame;

import dev.ganglion.lane.FrameStore;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BatchPayload;
import dev.ganglion.telemetry.StoreFault;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies the messages of a lane in Redis, over a connection of its own. The requests for a group of messages go out in
 * one write. {@link GroupCalls} chooses the requests.
 */
public final class RedisFrameStore implements FrameStore {
    private final RedisLine line;
    private final SessionCalls sessions;
    private final CommandCalls commands;
    private final PollCalls polls;
    private final StoreTuning tuning;
    private final BatchPayload payload;
    private final ProcessNames processes = new ProcessNames();

    /**
     * Creates the store of one lane.
     *
     * @param line the connection, which no other part of the node uses
     * @param payload compresses the batches of this lane
     */
    public RedisFrameStore(
            RedisLine line,
            SessionCalls sessions,
            CommandCalls commands,
            PollCalls polls,
            StoreTuning tuning,
            BatchPayload payload) {
        this.line = line;
        this.sessions = sessions;
        this.commands = commands;
        this.polls = polls;
        this.tuning = tuning;
        this.payload = payload;
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
        List<StoreCall> calls = new GroupCalls(sessions, commands, polls, tuning, payload, processes).of(entries);
        calls.forEach(call -> call.writeTo(requests));
        if (tuning.minReplicas() > 0) {
            requests.add(StoreTuning.waitFor(tuning.minReplicas()));
        }
        return line.batchOrReconnect(requests).map(replies -> outcomes(calls, replies, entries.size()));
    }

    private List<Outcome> outcomes(List<StoreCall> calls, List<Response> replies, int expected) {
        if (tuning.minReplicas() > 0) {
            int acknowledged = replies.get(replies.size() - 1).toInteger();
            if (acknowledged < tuning.minReplicas()) {
                StoreFault fault = StoreTuning.tooFewReplicas(acknowledged, tuning.minReplicas());
                line.failed(fault);
                line.reconnect(fault);
                throw new StoreFaultException(fault, null);
            }
        }
        List<Outcome> outcomes = new ArrayList<>(expected);
        int at = 0;
        for (StoreCall call : calls) {
            Response reply = call.scriptReply(replies.get(at + call.size() - 1));
            at += call.size();
            if (reply.type() == ResponseType.ERROR) {
                StoreFault fault = line.answeredFault(reply.toString());
                line.failed(fault);
                line.reconnect(fault);
                throw new StoreFaultException(fault, null);
            }
            call.read(reply, outcomes);
        }
        line.served();
        return outcomes;
    }
}
