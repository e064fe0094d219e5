package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The directory of a node that stands alone: the store knows all there is to know. */
final class LoneSlots implements SlotDirectory {
    private final Map<String, SessionRef> held = new ConcurrentHashMap<>();
    private final String self;

    LoneSlots(String self) {
        this.self = self;
    }

    @Override
    public Future<Claim> claim(SessionRef session, int cap) {
        return Future.succeededFuture(Claim.GRANTED);
    }

    @Override
    public void opened(SessionRef session, long epoch) {
        held.put(session.sessionId(), session);
    }

    @Override
    public void released(SessionRef session) {
        held.remove(session.sessionId());
    }

    @Override
    public List<SessionRef> held() {
        return List.copyOf(held.values());
    }

    @Override
    public Future<Set<String>> nodesOf(String agentId) {
        return Future.succeededFuture(Set.of(self));
    }

    @Override
    public Future<Integer> agents() {
        return Future.succeededFuture(
                (int) held.values().stream().map(SessionRef::agentId).distinct().count());
    }
}
