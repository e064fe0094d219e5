package dev.ganglion.journal;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.error.CloseCode;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions of this node whose slots were lost while the node was unresponsive. The store rejects writes of
 * such sessions in any case.
 */
public final class SlotCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SlotCheck.class);
    private static final int TRIES = 10;
    private static final long RETRY_MS = 500;

    private final Vertx vertx;
    private final LocalBus bus;
    private final Presence presence;
    private final Supplier<List<SessionRef>> sessions;

    /** Creates a check of this node's sessions. */
    public SlotCheck(Vertx vertx, LocalBus bus, Presence presence, Supplier<List<SessionRef>> sessions) {
        this.vertx = vertx;
        this.bus = bus;
        this.presence = presence;
        this.sessions = sessions;
    }

    /** Runs the check now. While the store does not answer, retries up to nine times, 500 ms apart. */
    public void run() {
        run(TRIES);
    }

    private void run(int tries) {
        presence.lost(sessions.get())
                .onSuccess(lost -> {
                    lost.forEach(this::end);
                    if (!lost.isEmpty()) {
                        LOG.atWarn()
                                .addKeyValue("sessions", lost.size())
                                .log("Ended sessions that lost their slots while this node was unresponsive");
                    }
                })
                .onFailure(failure -> {
                    LOG.atDebug()
                            .setCause(failure)
                            .addKeyValue("triesLeft", tries - 1)
                            .log("Failed to check whether this node's sessions hold their slots");
                    if (tries > 1) {
                        vertx.setTimer(RETRY_MS, timer -> run(tries - 1));
                    }
                });
    }

    private void end(Presence.LostSlot lost) {
        bus.send(
                Addresses.session(lost.session().sessionId()),
                new SessionMessage.End(lost.taken() ? CloseCode.DISPLACED : CloseCode.FENCED));
    }
}
