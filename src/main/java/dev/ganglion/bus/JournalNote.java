package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * A note for an agent's journal. Sent to {@link Addresses#JOURNAL} without a reply, so that writing the journal delays
 * nothing.
 *
 * @param session the session concerned; its worker is empty until a valid hello arrived
 * @param remoteAddress the agent's address; null if it is unknown
 * @param clockSkewMillis how far the agent's clock is ahead of the node's, in ms, by the latest comparison; null if
 *     unknown
 * @param fact the noted fact
 * @param notedAt time of the note, in nanoseconds of the node's monotonic clock
 */
public record JournalNote(
        SessionRef session,
        @Nullable String remoteAddress,
        @Nullable Long clockSkewMillis,
        Fact fact,
        long notedAt) {

    /** A fact that a journal records. */
    public sealed interface Fact {}

    /** The brain acknowledged the hello. */
    public record Connected(String agentVersion, String protocolVersion) implements Fact {}

    /**
     * A connection ended.
     *
     * @param ending how the connection ended
     * @param byBrain true if the brain closed the connection, false if the agent did
     * @param openMillis time from the upgrade to the close, in ms
     * @param frames number of accepted frames
     */
    public record Closed(Ending ending, boolean byBrain, long openMillis, long frames) implements Fact {}

    /** The first request of a long-poll session arrived. */
    public record PollOpened() implements Fact {}

    /** The brain ended a long-poll session. */
    public record PollEnded(Ending ending) implements Fact {}

    /** The node that held the connection failed, so the end of the connection is unknown. */
    public record NodeLost() implements Fact {}

    /** The brain closed the connection of a known agent before it acknowledged the hello. */
    public record Refused(Ending ending) implements Fact {}

    /**
     * The agent repeatedly resent batches that were already acknowledged.
     *
     * @param batches number of such batches
     */
    public record ResendFlood(int batches) implements Fact {}

    /**
     * The brain refused an agent's answer to a command: the command belongs to another agent, is unknown, or timed out.
     */
    public record CommandRefused(String commandId, String effect) implements Fact {}

    /**
     * The way in which a connection ended.
     *
     * @param code the WebSocket close code
     * @param reason the metric label
     * @param message a sentence for people
     */
    public record Ending(int code, String reason, String message) {}
}
