package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameIds;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import org.jspecify.annotations.Nullable;

/** Answers the frames of sessions, counts them, and makes their effects known. */
final class FrameAnswers implements Outcome.Visitor<InboundFrame> {
    private final LocalBus bus;
    private final BrainMetrics metrics;
    private final CommandDelivery delivery;
    private final CommandNotices commands;
    private final ProjectionNotices projections;
    private final Ticker ticker;

    FrameAnswers(
            LocalBus bus,
            BrainMetrics metrics,
            CommandDelivery delivery,
            CommandNotices commands,
            ProjectionNotices projections,
            Ticker ticker) {
        this.bus = bus;
        this.metrics = metrics;
        this.delivery = delivery;
        this.commands = commands;
        this.projections = projections;
        this.ticker = ticker;
    }

    @Override
    public void applied(InboundFrame inbound, Outcome.Applied applied) {
        answer(inbound, null);
        projections.applied(inbound);
    }

    @Override
    public void stored(InboundFrame inbound, Outcome.Stored stored) {
        count(inbound, stored);
        answer(
                inbound,
                new EventBatchAck(
                        FrameIds.next(),
                        inbound.frame().id(),
                        stored.received(),
                        stored.accepted(),
                        stored.rejected()));
        projections.stored(inbound, stored);
        if (inbound.namesWorker()) {
            delivery.deliverAll(inbound.session()); // a command may wait for the worker that is known now
        }
    }

    @Override
    public void commandAcknowledged(InboundFrame inbound, Outcome.CommandAcknowledged acknowledged) {
        answer(inbound, null);
        commands.acknowledged(inbound.session(), acknowledged);
        if (acknowledged.room()) {
            delivery.deliverWaiting(inbound.session());
        }
    }

    /** Answers the result of an unknown command as well, because the agent keeps a result until it is acknowledged. */
    @Override
    public void resultReported(InboundFrame inbound, Outcome.ResultReported reported) {
        metrics.commandResult(reported.effect().label());
        if (reported.ended() != null) {
            metrics.command(inbound.session().projectSlug(), reported.ended(), reported.ok() ? "completed" : "failed");
        }
        answer(inbound, new CommandAck(FrameIds.next(), reported.commandId()));
        commands.resultReported(inbound.session(), reported);
        if (reported.room()) {
            delivery.deliverWaiting(inbound.session());
        }
    }

    @Override
    public void fenced(InboundFrame inbound, Outcome.Fenced fenced) {
        metrics.fenced();
        end(inbound, fenced.closeCode());
    }

    @Override
    public void replayed(InboundFrame inbound, Outcome.Replayed replayed) {
        end(inbound, CloseCode.REPLAYED_FRAME);
    }

    private void answer(InboundFrame inbound, @Nullable Frame answer) {
        metrics.acked(ticker.nanos() - inbound.receivedAt());
        bus.send(inbound.session().address(), new SessionMessage.FrameApplied(inbound.seq(), answer));
    }

    private void end(InboundFrame inbound, CloseCode code) {
        bus.send(inbound.session().address(), new SessionMessage.End(code));
    }

    private void count(InboundFrame inbound, Outcome.Stored stored) {
        String project = inbound.session().projectSlug();
        metrics.batch(project, stored.known());
        if (!stored.known() && inbound.frame() instanceof EventBatch batch) {
            for (EventTally tally : batch.tallies()) {
                metrics.eventsIngested(project, tally.engine(), tally.kind(), tally.count());
            }
            if (stored.rejected() > 0) {
                metrics.eventsRejected(project, stored.rejected());
            }
        }
    }
}
