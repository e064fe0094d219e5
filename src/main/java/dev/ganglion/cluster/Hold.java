package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;

/**
 * A slot as the directory has it.
 *
 * @param worker the slot's worker; empty for the nameless one
 * @param session whose it is
 * @param node where that session's socket is
 * @param epoch the order that the store gave the claim; 0 while it has not
 * @param at when this was written, in milliseconds since 1970 by the clock of its node
 */
record Hold(String worker, String session, String node, long epoch, long at) {
    static Hold of(SessionRef session, long epoch, long at) {
        return new Hold(session.workerId(), session.sessionId(), session.nodeId(), epoch, at);
    }

    boolean pending() {
        return epoch == 0;
    }
}
