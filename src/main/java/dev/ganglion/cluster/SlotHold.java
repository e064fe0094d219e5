package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;

/**
 * A slot, or a claim to a slot, as the directory stores it.
 *
 * @param worker {@code worker_id} of the slot's worker process; empty for a worker process without an id
 * @param session the session that holds or claims the slot
 * @param node the node that has the session's socket
 * @param epoch order that the store gave to this claim; 0 while the store has not decided
 * @param at time when this hold was written, in milliseconds since 1970 by the clock of its node
 */
record SlotHold(String worker, String session, String node, long epoch, long at) {
    static SlotHold of(SessionRef session, long epoch, long at) {
        return new SlotHold(session.workerId(), session.sessionId(), session.nodeId(), epoch, at);
    }

    boolean pending() {
        return epoch == 0;
    }
}
