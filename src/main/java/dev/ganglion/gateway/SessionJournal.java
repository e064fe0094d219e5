package dev.ganglion.gateway;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.JournalNote.Ending;
import dev.ganglion.bus.JournalNote.Fact;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.telemetry.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes the events of one session to its agent's journal. */
final class SessionJournal {
    private final SessionTerms terms;
    private final SessionEffects effects;
    private final Clock clock;
    private final Ticker ticker;
    private final Instant connectedAt;
    private SessionRef session;
    private @Nullable Long skewMillis;
    private long frames;

    SessionJournal(SessionTerms terms, SessionEffects effects, Clock clock, Ticker ticker, Instant connectedAt) {
        this.terms = terms;
        this.effects = effects;
        this.clock = clock;
        this.ticker = ticker;
        this.connectedAt = connectedAt;
        this.session = terms.session(null);
    }

    /** Adopts the session reference with the worker id from the hello frame. */
    void helloReceived(SessionRef named) {
        session = named;
    }

    /**
     * Measures the clock skew of the agent from the timestamp of a frame. A frame without a timestamp keeps the
     * previous value.
     */
    void compareClocks(FrameReader read) {
        Long skew = read.skewMillis(clock.instant());
        if (skew != null) {
            skewMillis = skew;
        }
    }

    void countFrame() {
        frames++;
    }

    void connected(Hello hello) {
        note(new JournalNote.Connected(hello.agentVersion(), hello.protocolVersion()));
    }

    /**
     * Records that the brain ended the session.
     *
     * @param detail explanation that is more specific than the text of the close code; null if there is none
     */
    void closedByBrain(boolean online, CloseCode code, @Nullable String detail) {
        Ending ending = new Ending(code.code(), code.label(), detail == null ? code.reason() : detail);
        note(online ? closed(ending, true) : new JournalNote.Refused(ending));
    }

    /** Records that the agent closed the connection or lost it. */
    void closedByAgent(int code) {
        String message = code == 1006 ? "the connection was lost" : "the agent closed the connection";
        note(closed(new Ending(code, "peer_" + code, message), false));
    }

    void resendFlood(int batches) {
        note(new JournalNote.ResendFlood(batches));
    }

    private Fact closed(Ending ending, boolean byBrain) {
        long open = Duration.between(connectedAt, clock.instant()).toMillis();
        return new JournalNote.Closed(ending, byBrain, Math.max(0, open), frames);
    }

    private void note(Fact fact) {
        effects.recordInJournal(new JournalNote(session, terms.remoteAddress(), skewMillis, fact, ticker.nanos()));
    }
}
