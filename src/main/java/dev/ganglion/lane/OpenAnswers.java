package dev.ganglion.lane;

import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.telemetry.BrainMetrics;

/** Answers the hello of a session, and makes the effects of a new session known. */
final class OpenAnswers implements Outcome.Visitor<OpenSession> {
    private final LocalBus bus;
    private final BrainMetrics metrics;
    private final CommandDelivery commands;
    private final WorkerNotices workers;

    OpenAnswers(LocalBus bus, BrainMetrics metrics, CommandDelivery commands, WorkerNotices workers) {
        this.bus = bus;
        this.metrics = metrics;
        this.commands = commands;
        this.workers = workers;
    }

    @Override
    public void opened(OpenSession open, Outcome.Opened opened) {
        answer(open, new SessionMessage.Opened(opened.epoch()));
        workers.endDisplaced(open.session(), opened);
        commands.deliverAll(open.session());
        workers.sessionsChanged(open.session());
        workers.joined(open, opened);
    }

    @Override
    public void capReached(OpenSession open, Outcome.CapReached cap) {
        end(open, cap.holderSuspected() ? CloseCode.HOLDER_SUSPECTED : CloseCode.CAP_REACHED);
    }

    @Override
    public void heldBack(OpenSession open, Outcome.HeldBack held) {
        metrics.helloDamped(open.session().projectSlug());
        answer(open, new SessionMessage.HoldBack(held.millis()));
    }

    @Override
    public void revoked(OpenSession open, Outcome.Revoked revoked) {
        end(open, revoked.closeCode());
    }

    @Override
    public void fenced(OpenSession open, Outcome.Fenced fenced) {
        metrics.fenced();
        end(open, fenced.closeCode());
    }

    private void end(OpenSession open, CloseCode code) {
        answer(open, new SessionMessage.End(code));
    }

    private void answer(OpenSession open, SessionMessage answer) {
        bus.send(open.session().address(), answer);
    }
}
