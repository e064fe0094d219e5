package dev.ganglion.gateway;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.protocol.CloseCode;

/** What a session has done in the world. */
interface SessionEffects {
    /** Writes one text message. */
    void write(byte[] utf8);

    /** Closes the socket with this code; the last thing that happens. */
    void close(CloseCode code);

    /** Hands a message to the agent's lane. */
    void toLane(LaneMessage message);

    /** Does something later, on the session's own thread. */
    void later(int millis, Runnable work);

    /** Has something written into the agent's journal. */
    void note(JournalNote note);

    /** A batch that came before was answered from memory. */
    void repeated();
}
