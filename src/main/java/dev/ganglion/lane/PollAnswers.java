package dev.ganglion.lane;

import dev.ganglion.bus.PollAnswer;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.lane.PollOutcome.Admitted;
import dev.ganglion.lane.PollOutcome.Evicted;
import dev.ganglion.lane.PollOutcome.PollClaimed;
import dev.ganglion.lane.PollOutcome.PollOpened;
import dev.ganglion.lane.PollOutcome.PollOver;
import dev.ganglion.lane.PollOutcome.PollPast;
import dev.ganglion.protocol.frame.Frame;
import java.util.ArrayList;
import java.util.List;

/** Translates the store's outcomes of a long-poll request into answers to the request. */
final class PollAnswers {
    private PollAnswers() {}

    static PollAnswer of(SessionRef session, PollOutcome outcome) {
        if (outcome instanceof PollOpened opened) {
            List<String> evicted = opened.evicted().stream().map(Evicted::nonce).toList();
            return new PollAnswer.Opened(opened.sessionId(), opened.fresh(), evicted);
        } else if (outcome instanceof PollOver) {
            return new PollAnswer.SessionEnded();
        } else if (outcome instanceof PollPast) {
            return new PollAnswer.PollReplaced();
        } else if (outcome instanceof Admitted admitted) {
            return new PollAnswer.Admitted(admitted.count());
        } else if (outcome instanceof PollClaimed claimed) {
            return frames(session, claimed);
        }
        return new PollAnswer.Done();
    }

    private static PollAnswer frames(SessionRef session, PollClaimed claimed) {
        List<Frame> frames = new ArrayList<>();
        for (Outcome.Delivery delivery : claimed.commands().deliveries()) {
            if (delivery.sessionId().equals(session.sessionId())) {
                frames.add(delivery.command());
            }
        }
        frames.addAll(claimed.acks());
        return new PollAnswer.Frames(frames, claimed.firstSeq(), claimed.encoding(), claimed.againMillis());
    }
}
