package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The long-poll sessions that are with this node, by the requests that came to it. Thread-safe.
 *
 * <p>The requests of a session that stays with a node may come many times a second; the other nodes are told at most every
 * {@link #TELL}, which is as much as it may be taken for online too short. One whose requests go to several nodes by turns
 * stays with the one that told of it last, until that has not told for so long: the others are quiet meanwhile, and do
 * not count it.
 */
final class PollRoll {
    /** How long a session is online after its last request. */
    static final Duration ONLINE = Duration.ofSeconds(90);
    /** The time between two words on a session. */
    static final Duration TELL = Duration.ofSeconds(2);

    private static final Duration SWEEP = Duration.ofSeconds(10);

    /** {@code told} is when this node told of it last, or heard of it from the one that it is with. */
    private record Poll(String agentId, boolean here, long at, long told) {}

    private final LongSupplier nanos;
    private final Map<String, Map<String, Poll>> byProject = new HashMap<>();
    private long swept;

    PollRoll(LongSupplier nanos) {
        this.nanos = nanos;
        this.swept = nanos.getAsLong();
    }

    /** What a session is called over all agents: the agent's own name for it is unique to that agent alone. */
    static String key(SessionRef session) {
        return session.agentId() + "/" + session.workerId();
    }

    /** A session made a request here; gives whether the other nodes are to be told. */
    synchronized boolean seen(SessionRef session) {
        long now = nanos.getAsLong();
        sweep(now);
        Map<String, Poll> polls = byProject.computeIfAbsent(session.projectSlug(), slug -> new HashMap<>());
        Poll before = polls.get(key(session));
        if (before != null && now - before.told() < TELL.toNanos()) {
            polls.put(key(session), new Poll(session.agentId(), before.here(), now, before.told()));
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

    /** Whether requests of a session came here, be it with another node now. */
    synchronized boolean has(String key) {
        return byProject.values().stream().anyMatch(polls -> polls.containsKey(key));
    }

    /** Another node told of a session, which was heard at {@code heard}; not if this node has told of it since. */
    synchronized void elsewhere(String key, long heard) {
        long now = nanos.getAsLong();
        byProject
                .values()
                .forEach(polls -> polls.computeIfPresent(
                        key,
                        (same, poll) -> poll.here() && poll.told() - heard > 0
                                ? poll
                                : new Poll(poll.agentId(), false, poll.at(), now)));
    }

    /** A session has ended. */
    synchronized void gone(String key) {
        byProject.values().forEach(polls -> polls.remove(key));
    }

    /** All sessions of an agent have ended; gives those that were here. */
    synchronized List<String> goneOf(String agentId) {
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

    /** The agents of a project's sessions that are online, one for each of them. */
    synchronized List<String> pollers(String projectSlug) {
        long now = nanos.getAsLong();
        return byProject.getOrDefault(projectSlug, Map.of()).values().stream()
                .filter(poll -> poll.here() && !over(poll, now))
                .map(Poll::agentId)
                .toList();
    }

    /** The agents of all sessions that are online. */
    synchronized Set<String> agents() {
        Set<String> agents = new HashSet<>();
        byProject.keySet().forEach(project -> agents.addAll(pollers(project)));
        return agents;
    }
}
