package dev.ganglion.bus.link;

import io.vertx.core.buffer.Buffer;

/** Receives the messages of authenticated nodes. */
@FunctionalInterface
public interface LinkReceiver {
    /**
     * Receives a message. Runs on the event loop of the connections, and must not block.
     *
     * @param peer id of the sending node
     * @return whether the message is valid and known
     */
    boolean receive(String peer, Buffer message);
}
