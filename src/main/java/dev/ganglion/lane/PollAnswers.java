package dev.ganglion.lane;

import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.PollAnswer;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.PollOutcome.AcksKept;
import dev.ganglion.lane.PollOutcome.Admitted;
import dev.ganglion.lane.PollOutcome.Evicted;
import dev.ganglion.lane.PollOutcome.PollClaimed;
import dev.ganglion.lane.PollOutcome.PollEnded;
import dev.ganglion.lane.PollOutcome.PollOpened;
import dev.ganglion.lane.PollOutcome.PollReplaced;
import dev.ganglion.lane.PollOutcome.PollSessionGone;
import dev.ganglion.protocol.frame.Frame;
import java.util.ArrayList;
import java.util.List;

/** Answers the messages of long-poll requests, and wakes the polls that an outcome affects. */
final class PollAnswers implements Outcome.Visitor<PollMessage>, PollOutcome.PollVisitor {
    private final LocalBus bus;
    private final PollWakeUps polls;
    private final CommandDelivery commands;
    private final WorkerNotices workers;

    PollAnswers(LocalBus bus, PollWakeUps polls, CommandDelivery commands, WorkerNotices workers) {
        this.bus = bus;
        this.polls = polls;
        this.commands = commands;
        this.workers = workers;
    }

    @Override
    public void revoked(PollMessage message, Outcome.Revoked outcome) {
        answer(message.session(), new SessionMessage.End(outcome.closeCode()));
    }

    @Override
    public void poll(PollMessage message, PollOutcome outcome) {
        outcome.acceptPoll(this, message.session());
    }

    @Override
    public void pollOpened(SessionRef session, PollOpened opened) {
        List<String> evicted = opened.evicted().stream().map(Evicted::nonce).toList();
        answer(session, new PollAnswer.Opened(opened.sessionId(), opened.fresh(), evicted));
        polls.wakeReplaced(opened);
    }

    @Override
    public void pollSessionGone(SessionRef session, PollSessionGone gone) {
        answer(session, new PollAnswer.SessionEnded());
    }

    @Override
    public void pollReplaced(SessionRef session, PollReplaced replaced) {
        answer(session, new PollAnswer.PollReplaced());
    }

    @Override
    public void admitted(SessionRef session, Admitted admitted) {
        answer(session, new PollAnswer.Admitted(admitted.count()));
    }

    @Override
    public void acksKept(SessionRef session, AcksKept kept) {
        answer(session, new PollAnswer.Done());
        polls.wake(kept.poll());
    }

    @Override
    public void pollClaimed(SessionRef session, PollClaimed claimed) {
        List<Frame> frames = new ArrayList<>();
        for (Outcome.Delivery delivery : claimed.commands().deliveries()) {
            if (delivery.sessionId().equals(session.sessionId())) {
                frames.add(delivery.command());
            }
        }
        frames.addAll(claimed.acks());
        answer(session, new PollAnswer.Frames(frames, claimed.firstSeq(), claimed.encoding(), claimed.againMillis()));
        commands.claimedByPoll(session, claimed.commands());
    }

    @Override
    public void pollEnded(SessionRef session, PollEnded ended) {
        answer(session, new PollAnswer.Done());
        polls.wake(ended.poll());
        commands.deliverAll(session);
        workers.sessionsChanged(session);
    }

    private void answer(SessionRef session, SessionMessage answer) {
        bus.send(session.address(), answer);
    }
}
