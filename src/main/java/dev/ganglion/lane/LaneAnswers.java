package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import java.util.function.Consumer;

/** Passes each outcome of the store to the handler for its kind of message. Runs on the lane's context. */
final class LaneAnswers implements LaneMessage.Visitor<Outcome>, Outcome.Visitor<CloseSession> {
    private final CommandDelivery commands;
    private final WorkerNotices workers;
    private final OpenAnswers opens;
    private final FrameAnswers frames;
    private final PollAnswers polls;

    /**
     * Creates the handlers of one lane.
     *
     * @param lane receives the messages that ask the store for commands
     */
    LaneAnswers(
            LocalBus bus,
            NodeBus nodes,
            BrainMetrics metrics,
            Timers timers,
            Consumer<DeliverCommands> lane,
            Ticker ticker) {
        PollWakeUps wakeUps = new PollWakeUps(nodes);
        this.commands = new CommandDelivery(bus, nodes, wakeUps, timers, lane);
        this.workers = new WorkerNotices(bus, nodes, metrics);
        this.opens = new OpenAnswers(bus, metrics, commands, workers);
        this.frames = new FrameAnswers(
                bus,
                metrics,
                commands,
                new CommandNotices(bus, nodes, ticker),
                new ProjectionNotices(bus, timers),
                ticker);
        this.polls = new PollAnswers(bus, wakeUps, commands, workers);
    }

    /** Answers the sender of a message, and makes the message's effects known. */
    void answer(LaneMessage message, Outcome outcome) {
        message.accept(this, outcome);
    }

    @Override
    public void openSession(OpenSession message, Outcome outcome) {
        outcome.accept(opens, message);
    }

    @Override
    public void inboundFrame(InboundFrame message, Outcome outcome) {
        outcome.accept(frames, message);
    }

    @Override
    public void closeSession(CloseSession message, Outcome outcome) {
        outcome.accept(this, message);
    }

    @Override
    public void deliverCommands(DeliverCommands message, Outcome outcome) {
        outcome.accept(commands, message);
    }

    @Override
    public void poll(PollMessage message, Outcome outcome) {
        outcome.accept(polls, message);
    }

    @Override
    public void closed(CloseSession close, Outcome.Closed closed) {
        commands.deliverAll(close.session());
        workers.sessionsChanged(close.session());
        workers.left(close, closed);
    }
}
