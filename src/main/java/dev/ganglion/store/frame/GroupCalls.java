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
import dev.ganglion.lane.LaneCall;
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
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BatchPayload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the calls for one group of messages. Every message has a call of its own, except that consecutive batches of
 * one shard share one.
 */
final class GroupCalls
        implements LaneMessage.Visitor<LaneCall>, PollMessage.PollVisitor<LaneCall>, Frame.Visitor<InboundFrame> {
    private final SessionCalls sessions;
    private final CommandCalls commands;
    private final PollCalls polls;
    private final StoreTuning tuning;
    private final BatchPayload payload;
    private final ProcessNames processes;
    private final List<StoreCall> calls = new ArrayList<>();
    private @Nullable IngestCall ingest;
    /** Whether the frame at hand may have reached the store before. */
    private boolean retried;

    GroupCalls(
            SessionCalls sessions,
            CommandCalls commands,
            PollCalls polls,
            StoreTuning tuning,
            BatchPayload payload,
            ProcessNames processes) {
        this.sessions = sessions;
        this.commands = commands;
        this.polls = polls;
        this.tuning = tuning;
        this.payload = payload;
        this.processes = processes;
    }

    /** Chooses the calls for these messages, in their order. */
    List<StoreCall> of(List<LaneCall> entries) {
        for (LaneCall entry : entries) {
            entry.message().accept(this, entry);
        }
        return calls;
    }

    private void add(StoreCall call) {
        ingest = null;
        calls.add(call);
    }

    @Override
    public void openSession(OpenSession open, LaneCall entry) {
        add(sessions.open(open, entry.retried()));
    }

    @Override
    public void inboundFrame(InboundFrame inbound, LaneCall entry) {
        retried = entry.retried();
        inbound.frame().accept(this, inbound);
    }

    @Override
    public void closeSession(CloseSession close, LaneCall entry) {
        add(sessions.close(close.session()));
    }

    @Override
    public void deliverCommands(DeliverCommands deliver, LaneCall entry) {
        add(commands.dispatch(deliver, entry.number()));
    }

    @Override
    public void poll(PollMessage message, LaneCall entry) {
        message.acceptPoll(this, entry);
    }

    @Override
    public void openPoll(OpenPoll open, LaneCall entry) {
        add(polls.open(open));
    }

    @Override
    public void admitFrames(AdmitFrames admit, LaneCall entry) {
        add(polls.admit(admit, entry.number()));
    }

    @Override
    public void keepAcks(KeepAcks keep, LaneCall entry) {
        add(polls.keep(keep));
    }

    @Override
    public void claimFrames(ClaimFrames claim, LaneCall entry) {
        add(commands.claim(claim, entry.number()));
    }

    @Override
    public void endPoll(EndPoll end, LaneCall entry) {
        add(polls.end(end));
    }

    @Override
    public void eventBatch(EventBatch batch, InboundFrame inbound) {
        if (inbound.namesWorker()) {
            add(sessions.reportWorkers(inbound));
        }
        IngestCall call = ingest;
        if (call == null || !call.takes(inbound.session())) {
            call = new IngestCall(inbound.session(), tuning, payload, processes);
            calls.add(call);
            ingest = call;
        }
        call.add(inbound, batch, retried);
    }

    @Override
    public void heartbeat(Heartbeat heartbeat, InboundFrame inbound) {
        add(sessions.heartbeat(inbound, heartbeat, retried));
    }

    @Override
    public void commandAck(CommandAck ack, InboundFrame inbound) {
        add(commands.ack(inbound, ack, retried));
    }

    @Override
    public void commandResult(CommandResult result, InboundFrame inbound) {
        add(commands.result(inbound, result, retried));
    }

    @Override
    public void registryDelta(RegistryDelta delta, InboundFrame inbound) {
        add(sessions.registry(inbound, delta, retried));
    }

    @Override
    public void agentStatus(AgentStatus status, InboundFrame inbound) {
        add(sessions.status(inbound, status, retried));
    }

    @Override
    public void error(ErrorFrame frame, InboundFrame inbound) {
        withoutEffect(inbound);
    }

    @Override
    public void hello(Hello frame, InboundFrame inbound) {
        withoutEffect(inbound);
    }

    @Override
    public void helloAck(HelloAck frame, InboundFrame inbound) {
        withoutEffect(inbound);
    }

    @Override
    public void eventBatchAck(EventBatchAck frame, InboundFrame inbound) {
        withoutEffect(inbound);
    }

    @Override
    public void command(Command frame, InboundFrame inbound) {
        withoutEffect(inbound);
    }

    /** A frame that only advances the seq. */
    private void withoutEffect(InboundFrame inbound) {
        add(sessions.advance(inbound, retried));
    }
}
