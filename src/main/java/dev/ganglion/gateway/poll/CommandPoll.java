package dev.ganglion.gateway.poll;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.PollAnswer;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.gateway.AgentHttpError;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.frame.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll for commands. It claims the frames that wait for the agent. If there are none, it waits until another part
 * of the brain wakes it up, a command is due for redelivery, or the wait time ends.
 *
 * <p>A wake-up is only a hint. The store decides which frames the poll receives and whether its session may still
 * receive any.
 */
final class CommandPoll {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPoll.class);
    /** Longest time that the store may take to answer, in milliseconds. */
    private static final long STORE_TIMEOUT_MS = 10_000;
    /**
     * Longest wait on a node that is shutting down, in milliseconds. An agent polls again at once after an empty
     * response, so a shorter wait would make it poll in a tight loop until the node stops.
     */
    private static final long MAX_WAIT_WHILE_DRAINING_MS = 500;

    private static final long NO_TIMER = -1;

    private final PollRequest call;
    private final WaitingPolls waiting;
    private final int maxFrames;
    private final long waitMillis;
    private @Nullable MessageConsumer<String> wakeUps;
    private long endsAt;
    private long timer = NO_TIMER;
    private boolean claiming;
    private boolean wokenWhileClaiming;
    private boolean ended;

    CommandPoll(PollRequest call, WaitingPolls waiting, int waitSeconds, int maxFrames) {
        this.call = call;
        this.waiting = waiting;
        this.maxFrames = maxFrames;
        long requested = TimeUnit.SECONDS.toMillis(waitSeconds);
        this.waitMillis = call.scope().draining() ? Math.min(MAX_WAIT_WHILE_DRAINING_MS, requested) : requested;
    }

    String agentId() {
        return call.session().agentId();
    }

    void start() {
        call.listen(this::onAnswer);
        call.request().response().closeHandler(closed -> close());
        call.request().resume();
        waiting.add(this);
        endsAt = call.scope().ticker().nanos() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        claiming = true;
        arm(STORE_TIMEOUT_MS);
        call.toLane(new PollMessage.OpenPoll(call.session(), call.remoteAddress(), true));
    }

    private void onAnswer(SessionMessage message) {
        if (ended) {
            return;
        }
        if (message instanceof PollAnswer.Opened opened) {
            onOpened(opened);
        } else if (message instanceof PollAnswer.Frames found) {
            onFrames(found);
        } else if (message instanceof PollAnswer.PollReplaced) {
            answer(new JsonArray());
        } else if (message instanceof PollAnswer.SessionEnded) {
            refuse(AgentHttpError.of(
                    ErrorCode.SESSION_ENDED, "X-Z4J-Session-Nonce: this session has ended; start a new session"));
        } else if (message instanceof SessionMessage.End ending) {
            refuse(
                    ending.code() == CloseCode.REVOKED
                            ? AgentHttpError.unauthorized()
                            : AgentHttpError.storeUnavailable());
        }
    }

    private void onOpened(PollAnswer.Opened opened) {
        call.opened(opened);
        if (maxFrames == 0) {
            answer(new JsonArray());
            return;
        }
        if (waitMillis > 0) {
            // Register before the claim: a claim may find nothing, and the wake-up for a later frame would be lost.
            wakeUps = Vertx.currentContext()
                    .owner()
                    .eventBus()
                    .localConsumer(Addresses.poll(opened.sessionId()), message -> onWakeUp());
        }
        claim(true);
    }

    private void claim(boolean all) {
        wokenWhileClaiming = false;
        claiming = true;
        arm(STORE_TIMEOUT_MS);
        call.toLane(new PollMessage.ClaimFrames(call.session(), maxFrames, all));
    }

    private void onFrames(PollAnswer.Frames found) {
        claiming = false;
        long remaining =
                TimeUnit.NANOSECONDS.toMillis(endsAt - call.scope().ticker().nanos());
        if (!found.frames().isEmpty()) {
            answer(signed(found));
        } else if (remaining <= 0) {
            answer(new JsonArray());
        } else if (wokenWhileClaiming) {
            claim(false);
        } else {
            arm(found.againMillis() < 0 ? remaining : Math.min(remaining, found.againMillis()));
        }
    }

    private JsonArray signed(PollAnswer.Frames found) {
        FrameSigner signer = new FrameSigner(call.key(), call.binding(), found.firstSeq() - 1);
        List<Frame> frames = found.frames();
        JsonArray texts = new JsonArray();
        for (Frame frame : frames) {
            byte[] wire =
                    signer.sign(frame, found.encoding(), call.scope().clock().instant());
            texts.add(new String(wire, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private void onWakeUp() {
        if (claiming) {
            wokenWhileClaiming = true;
        } else if (!ended) {
            claim(false);
        }
    }

    private void onTimer() {
        timer = NO_TIMER;
        if (claiming) {
            refuse(AgentHttpError.storeUnavailable());
        } else if (call.scope().ticker().nanos() >= endsAt) {
            answer(new JsonArray());
        } else {
            claim(false);
        }
    }

    private void arm(long millis) {
        call.scope().cancel(timer);
        timer = call.scope().after(Math.max(1, millis), this::onTimer);
    }

    /** Ends the poll with an empty response because the node is shutting down. A claim in progress finishes first. */
    void endForShutdown() {
        endsAt = call.scope().ticker().nanos();
        if (!claiming) {
            answer(new JsonArray());
        }
    }

    void revoked() {
        refuse(AgentHttpError.unauthorized());
    }

    private void answer(JsonArray frames) {
        call.answer(new JsonObject().put("frames", frames));
        close();
    }

    private void refuse(AgentHttpError refusal) {
        call.refuse(refusal);
        close();
    }

    private void close() {
        if (ended) {
            return;
        }
        ended = true;
        call.scope().cancel(timer);
        waiting.remove(this);
        call.close();
        if (wakeUps != null) {
            wakeUps.unregister()
                    .onFailure(failure -> LOG.debug("The bus address of the poll was already unregistered", failure));
        }
    }
}
