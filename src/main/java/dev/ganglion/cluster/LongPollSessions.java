package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.telemetry.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tracks the long-poll sessions whose requests reach this node. Thread-safe.
 *
 * <p>A session may send many requests a second. This node therefore publishes the session to the other nodes at most
 * once per {@link #PUBLISH_INTERVAL}. The time for which a session counts as online may be too short by the same amount.
 *
 * <p>If a session's requests alternate between nodes, the session belongs to the node that published it last. The other
 * nodes do not publish or count it until that node has been silent for {@link #PUBLISH_INTERVAL}.
 */
final class LongPollSessions {
    /** How long a session counts as online after its last request. */
    static final Duration ONLINE = Duration.ofSeconds(90);
    /** Shortest time between two publications of a session. */
    static final Duration PUBLISH_INTERVAL = Duration.ofSeconds(2);

    private static final Duration SWEEP = Duration.ofSeconds(10);

    /**
     * A session's entry. {@code published} is the time, in nanoseconds, at which this node last published the session
     * or received another node's publication of it.
     */
    private record Poll(String agentId, boolean here, long at, long published) {}

    private final Ticker ticker;
    private final Map<String, Map<String, Poll>> byProject = new HashMap<>();
    private long swept;

    LongPollSessions(Ticker ticker) {
        this.ticker = ticker;
        this.swept = ticker.nanos();
    }

    /**
     * The cluster-wide key of a session. An agent chooses its sessions' names, so a name is only unique within that
     * agent.
     */
    static String key(SessionRef session) {
        return session.agentId() + "/" + session.workerId();
    }

    /**
     * Records a request that reached this node. Returns whether this node has to publish the session to the other
     * nodes.
     */
    synchronized boolean recordRequest(SessionRef session) {
        long now = ticker.nanos();
        sweep(now);
        Map<String, Poll> polls = byProject.computeIfAbsent(session.projectSlug(), slug -> new HashMap<>());
        Poll before = polls.get(key(session));
        if (before != null && now - before.published() < PUBLISH_INTERVAL.toNanos()) {
            polls.put(key(session), new Poll(session.agentId(), before.here(), now, before.published()));
            return false;
        }
        polls.put(key(session), new Poll(session.agentId(), true, now, now));
        return true;
    }

    private void sweep(long now) {
        if (now - swept >= SWEEP.toNanos()) {
            swept = now;
            byProject.values().forEach(polls -> polls.values().removeIf(poll -> over(poll, now)));
            byProject.values().removeIf(Map::isEmpty);
        }
    }

    private static boolean over(Poll poll, long now) {
        return now - poll.at() >= ONLINE.toNanos();
    }

    /** Whether requests of a session reached this node, even if the session belongs to another node now. */
    synchronized boolean has(String key) {
        return byProject.values().stream().anyMatch(polls -> polls.containsKey(key));
    }

    /**
     * Records that another node published a session, at {@code heard} nanoseconds. Ignored if this node has published
     * the session since.
     */
    synchronized void movedAway(String key, long heard) {
        long now = ticker.nanos();
        byProject
                .values()
                .forEach(polls -> polls.computeIfPresent(
                        key,
                        (same, poll) -> poll.here() && poll.published() - heard > 0
                                ? poll
                                : new Poll(poll.agentId(), false, poll.at(), now)));
    }

    /** Removes a session that has ended. */
    synchronized void ended(String key) {
        byProject.values().forEach(polls -> polls.remove(key));
    }

    /** Removes all sessions of an agent. Returns the keys of those that belonged to this node. */
    synchronized List<String> endAllOf(String agentId) {
        List<String> gone = new ArrayList<>();
        byProject
                .values()
                .forEach(polls -> polls.entrySet().removeIf(each -> {
                    boolean its = each.getValue().agentId().equals(agentId);
                    if (its && each.getValue().here()) {
                        gone.add(each.getKey());
                    }
                    return its;
                }));
        return gone;
    }

    /** The agents of a project's online sessions that belong to this node: one element per session. */
    synchronized List<String> pollers(String projectSlug) {
        long now = ticker.nanos();
        return byProject.getOrDefault(projectSlug, Map.of()).values().stream()
                .filter(poll -> poll.here() && !over(poll, now))
                .map(Poll::agentId)
                .toList();
    }

    /** The agents of all online sessions that belong to this node. */
    synchronized Set<String> agents() {
        Set<String> agents = new HashSet<>();
        byProject.keySet().forEach(project -> agents.addAll(pollers(project)));
        return agents;
    }
}
