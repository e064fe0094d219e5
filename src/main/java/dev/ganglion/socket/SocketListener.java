package dev.ganglion.socket;

import io.vertx.core.buffer.Buffer;

/** Receives the messages of a {@link GuardedSocket} and decides how to end it. Called on the context of the socket. */
public interface SocketListener {
    /** Handles a complete message. */
    void onMessage(Buffer message);

    /** Handles a ping. Vert.x answers it, so a listener only counts it. */
    default void onPing() {}

    /** Handles a violation. The listener ends the socket with {@link GuardedSocket#close} or {@link GuardedSocket#cut}. */
    void onViolation(Violation violation);

    /** Handles a failure of the connection, for the log. */
    void onFailure(Throwable failure);

    /**
     * Handles the end of the connection. Called once.
     *
     * @param code close code of the peer; 1006 if it sent none
     */
    void onClosed(int code);
}
