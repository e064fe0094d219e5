package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an agent, for its journal. Sent to {@link Addresses#JOURNAL} and not answered: what is noted
 * there waits for nothing and holds nothing up.
 *
 * @param session whose it is; its worker is empty while no hello was understood
 * @param remoteAddress where it connected from; null where that is not at hand
 * @param clockSkewMillis how far the agent's clock is ahead of the node's, by the last time that was compared
 * @param fact what happened
 * @param notedAt when, by {@link System#nanoTime()}
 */
public record JournalNote(
        SessionRef session,
        @Nullable String remoteAddress,
        @Nullable Long clockSkewMillis,
        Fact fact,
        long notedAt) {

    /** What happened. */
    public sealed interface Fact {}

    /** The hello was acked. */
    public record Connected(String agentVersion, String protocolVersion) implements Fact {}

    /**
     * A connection ended.
     *
     * @param ending how
     * @param byBrain whether the brain closed it, else the agent did
     * @param openMillis how long it was open, from its upgrade on
     * @param frames frames that were accepted
     */
    public record Closed(Ending ending, boolean byBrain, long openMillis, long frames) implements Fact {}

    /** An agent's first request of a long-poll session came. */
    public record PollOpened() implements Fact {}

    /** The brain ended a long-poll session. */
    public record PollEnded(Ending ending) implements Fact {}

    /** The node that held the connection is gone; nobody knows what came of it. */
    public record NodeLost() implements Fact {}

    /** A connection of an agent that is known was closed before its hello was acked. */
    public record Refused(Ending ending) implements Fact {}

    /** The agent sent batches again that were answered before; so many. */
    public record ResendFlood(int batches) implements Fact {}

    /** The agent answered a command that is not its own, unknown, or timed out. */
    public record CommandRefused(String commandId, String effect) implements Fact {}

    /**
     * How a connection ended.
     *
     * @param code the WebSocket close code
     * @param reason the label that metrics count it under
     * @param message a sentence
     */
    public record Ending(int code, String reason, String message) {}
}
