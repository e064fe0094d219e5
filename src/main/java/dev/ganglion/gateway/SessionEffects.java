package dev.ganglion.gateway;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.protocol.error.CloseCode;

/** The actions that a session performs on its surroundings. */
interface SessionEffects {
    /** Writes one text message to the socket. */
    void write(byte[] utf8);

    /** Closes the socket with a close code. This is the last action of a session. */
    void close(CloseCode code);

    /** Sends a message to the agent's lane. */
    void toLane(LaneMessage message);

    /** Runs {@code work} after a delay, on the thread of the session. */
    void later(int millis, Runnable work);

    /** Records a fact in the agent's journal. */
    void recordInJournal(JournalNote note);

    /**
     * Records that a repeated batch was answered from memory.
     *
     * @param pauseMs time for which the socket must not be read; 0 to read on
     * @param loops whether the agent resends in a loop
     */
    void batchRepeated(int pauseMs, boolean loops);
}
