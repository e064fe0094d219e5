package dev.ganglion.socket;

import java.time.Duration;

/**
 * Time-outs and size limits of a socket.
 *
 * @param firstMessage longest time between the upgrade and the first message
 * @param idle longest time between two messages
 * @param unread longest time that the write queue may stay full before the peer is a slow reader; if zero, it is one as
 *     soon as the queue is full
 * @param maxMessageBytes size of the largest accepted message
 * @param maxPendingBytes size of the messages that may be written before the peer reads them; a peer that leaves more
 *     unread is a slow reader
 * @param writeQueueBytes size at which the write queue counts as full; it also holds the answers to pings
 * @param binary whether the socket accepts binary messages
 */
public record SocketLimits(
        Duration firstMessage,
        Duration idle,
        Duration unread,
        int maxMessageBytes,
        int maxPendingBytes,
        int writeQueueBytes,
        boolean binary) {

    /** The write queue size that a new socket has. */
    public static final int DEFAULT_WRITE_QUEUE_BYTES = 64 * 1024;
}
