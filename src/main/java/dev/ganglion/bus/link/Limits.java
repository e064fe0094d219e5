package dev.ganglion.bus.link;

import java.util.concurrent.TimeUnit;

/** Bounds of the connections between nodes. */
final class Limits {
    /** Maximum length of a frame before the peer is authenticated, in bytes. */
    static final int MAX_UNAUTHENTICATED_FRAME = 1_024;
    /** Maximum length of a frame of an authenticated peer, in bytes. */
    static final int MAX_FRAME = 4 * 1_024 * 1_024;
    /** Maximum number of accepted connections that are not authenticated yet. */
    static final int MAX_UNAUTHENTICATED = 256;
    /** Maximum number of those connections from one address. */
    static final int MAX_UNAUTHENTICATED_PER_ADDRESS = 32;
    /** Maximum number of unanswered messages to one node. */
    static final int MAX_UNANSWERED = 10_000;
    /** Maximum size of the unanswered messages to one node, in bytes. */
    static final long MAX_UNANSWERED_BYTES = 16L * 1_024 * 1_024;

    /** Time within which a node must reply to a message. */
    static final long REPLY_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** Time within which a new connection must be authenticated. */
    static final long AUTHENTICATION_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Interval between two pings. */
    static final long PING_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Time without a frame after which a connection counts as dead. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(6);
    /** Shortest and longest pause before the next attempt to connect. */
    static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Time-out of a TCP connect, in milliseconds. */
    static final int CONNECT_MS = 2_000;

    private Limits() {}
}
