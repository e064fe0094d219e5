package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The slot directory of a node that runs alone. It grants every claim, since the store alone decides. Thread-safe. */
final class LocalSlots implements SlotDirectory {
    private final Map<String, SessionRef> held = new ConcurrentHashMap<>();
    private final LongPollSessions polls;
    private final String self;

    LocalSlots(String self, Ticker ticker) {
        this.self = self;
        this.polls = new LongPollSessions(ticker);
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
    public int count() {
        return held.size();
    }

    @Override
    public void polled(SessionRef session) {
        boolean unused = polls.recordRequest(session);
    }

    @Override
    public void pollEnded(SessionRef session) {
        polls.ended(LongPollSessions.key(session));
    }

    @Override
    public void pollsEnded(String agentId) {
        List<String> unused = polls.endAllOf(agentId);
    }

    @Override
    public List<String> onlinePollingAgents(String projectSlug) {
        return polls.pollers(projectSlug);
    }

    @Override
    public Future<Set<String>> nodesOf(String agentId) {
        return Future.succeededFuture(Set.of(self));
    }

    @Override
    public Future<Integer> agents() {
        Set<String> agents = polls.agents();
        held.values().forEach(session -> agents.add(session.agentId()));
        return Future.succeededFuture(agents.size());
    }
}
