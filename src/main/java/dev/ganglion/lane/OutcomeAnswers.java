package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameIds;
import dev.ganglion.telemetry.BrainMetrics;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what the store did into what a session is told, and counts it. Thread-safe. */
public final class OutcomeAnswers {
    private final BrainMetrics metrics;

    /** Answers that are counted in these metrics. */
    public OutcomeAnswers(BrainMetrics metrics) {
        this.metrics = metrics;
    }

    BrainMetrics metrics() {
        return metrics;
    }

    /** What the session is told; null for nothing. */
    @Nullable
    SessionMessage of(LaneMessage message, Outcome outcome) {
        if (outcome instanceof PollOutcome poll && message instanceof PollMessage request) {
            return PollAnswers.of(request.session(), poll);
        } else if (outcome instanceof Outcome.Opened opened) {
            return new SessionMessage.Opened(opened.epoch());
        } else if (outcome instanceof Outcome.CapReached cap) {
            return new SessionMessage.End(cap.holderSuspected() ? CloseCode.HOLDER_SUSPECTED : CloseCode.CAP_REACHED);
        } else if (outcome instanceof Outcome.HeldBack held && message instanceof LaneMessage.OpenSession open) {
            metrics.helloDamped(open.session().projectSlug());
            return new SessionMessage.HoldBack(held.millis());
        } else if (outcome instanceof Outcome.Revoked) {
            return new SessionMessage.End(CloseCode.REVOKED);
        } else if (outcome instanceof Outcome.Fenced fenced) {
            metrics.fenced();
            return new SessionMessage.End(fenced.byAnotherSession() ? CloseCode.DISPLACED : CloseCode.FENCED);
        } else if (outcome instanceof Outcome.Replayed) {
            return new SessionMessage.End(CloseCode.REPLAYED_FRAME);
        } else if (message instanceof InboundFrame inbound) {
            metrics.acked(System.nanoTime() - inbound.receivedAt());
            return new SessionMessage.FrameApplied(inbound.seq(), answer(inbound, outcome));
        }
        return null;
    }

    private @Nullable Frame answer(InboundFrame inbound, Outcome outcome) {
        if (outcome instanceof Outcome.Stored stored) {
            count(inbound, stored);
            return new EventBatchAck(
                    FrameIds.next(), inbound.frame().id(), stored.received(), stored.accepted(), stored.rejected());
        }
        if (outcome instanceof Outcome.CommandHeard heard && inbound.frame() instanceof CommandResult result) {
            metrics.commandResult(heard.effect().name().toLowerCase(Locale.ROOT));
            if (heard.ended() != null) {
                metrics.command(inbound.session().projectSlug(), heard.ended(), result.ok() ? "completed" : "failed");
            }
            // Also for a command that is unknown: else the agent keeps its record of it for ever.
            return new CommandAck(FrameIds.next(), result.commandId());
        }
        return null;
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
