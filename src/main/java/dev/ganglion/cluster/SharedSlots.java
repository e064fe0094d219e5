package dev.ganglion.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slot directory of a cluster, stored in a Hazelcast map that all nodes share. Thread-safe.
 *
 * <p>A claim that fails is not retried; the store then decides alone. A node repeatedly asserts the slots that its
 * sessions hold, and retries a failed release up to ten times, one second apart.
 */
final class SharedSlots implements SlotDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SharedSlots.class);
    private static final long CLAIM_LIMIT_MS = 2_000;
    private static final long COUNT_LIMIT_MS = 1_000;
    private static final int ASSERTIONS_AT_ONCE = 64;
    private static final int RELEASES = 10;
    private static final long RELEASE_AGAIN_MS = 1_000;
    private static final String POLL_SEPARATOR = "|";

    private record Held(SessionRef session, long epoch) {}

    private final Vertx vertx;
    private final HazelcastInstance hazelcast;
    private final IMap<String, AgentSlots> map;
    private final Liveness nodes;
    private final Clock clock;
    private final Ticker ticker;
    private final IMap<String, String> polls;
    private final LongPollSessions pollSessions;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private volatile int lastAgents;

    SharedSlots(Vertx vertx, HazelcastInstance hazelcast, Liveness nodes, Clock clock, Ticker ticker) {
        this.vertx = vertx;
        this.hazelcast = hazelcast;
        this.map = hazelcast.getMap(MemberConfig.SLOTS);
        this.polls = hazelcast.getMap(MemberConfig.POLLS);
        this.nodes = nodes;
        this.clock = clock;
        this.ticker = ticker;
        this.pollSessions = new LongPollSessions(ticker);
        EntryAddedListener<String, String> added = event -> onPublished(event.getKey(), event.getValue());
        EntryUpdatedListener<String, String> updated = event -> onPublished(event.getKey(), event.getValue());
        polls.addEntryListener(added, true);
        polls.addEntryListener(updated, true);
        EntryRemovedListener<String, String> removed = event -> onPublished(event.getKey(), "");
        polls.addEntryListener(removed, false);
    }

    /**
     * Handles another node's publication of a long-poll session. If the session belongs to another node or has ended,
     * this node gives it up. The event may be older than this node's own last publication, so the map's current value
     * decides.
     */
    private void onPublished(String session, String poll) {
        if (isHere(poll) || !pollSessions.has(session)) {
            return;
        }
        long heard = ticker.nanos();
        call(() -> polls.getAsync(session).toCompletableFuture())
                .onSuccess(now -> {
                    if (now == null) {
                        pollSessions.ended(session);
                    } else if (!isHere(now)) {
                        pollSessions.movedAway(session, heard);
                    }
                })
                .onFailure(SharedSlots::logUnanswered);
    }

    private boolean isHere(String poll) {
        return poll.startsWith(nodes.self() + POLL_SEPARATOR);
    }

    @Override
    public Future<Claim> claim(SessionRef session, int cap) {
        SlotHold claim = SlotHold.of(session, 0, clock.millis());
        List<String> trusted = List.copyOf(nodes.trusted());
        return submit(session.agentId(), new SlotProcessors.Claim(AgentSlots.none(session), claim, cap, trusted))
                .timeout(CLAIM_LIMIT_MS, TimeUnit.MILLISECONDS)
                .map(verdict -> verdict == SlotProcessors.FULL ? Claim.FULL : Claim.GRANTED)
                .otherwise(failure -> {
                    LOG.atDebug()
                            .setCause(failure)
                            .log("The slot directory did not answer a claim; the store decides alone");
                    return Claim.GRANTED;
                });
    }

    @Override
    public void opened(SessionRef session, long epoch) {
        held.put(session.sessionId(), new Held(session, epoch));
        submit(session.agentId(), open(session, epoch)).onFailure(SharedSlots::logUnanswered);
    }

    @Override
    public void released(SessionRef session) {
        held.remove(session.sessionId());
        release(session, RELEASES);
    }

    /**
     * Removes a session's hold and retries on failure, since a hold left behind would count towards the agent's cap.
     */
    private void release(SessionRef session, int tries) {
        submit(session.agentId(), new SlotProcessors.Release(session.sessionId()))
                .onFailure(failure -> {
                    logUnanswered(failure);
                    if (tries > 1) {
                        vertx.setTimer(RELEASE_AGAIN_MS, timer -> release(session, tries - 1));
                    }
                });
    }

    @Override
    public Future<Set<String>> nodesOf(String agentId) {
        return call(() -> map.getAsync(agentId).toCompletableFuture()).map(slots -> {
            Set<String> found = new HashSet<>();
            if (slots != null) {
                slots.holds().stream().filter(hold -> !hold.pending()).forEach(hold -> found.add(hold.node()));
            }
            return found;
        });
    }

    @Override
    public Future<Integer> agents() {
        return vertx.executeBlocking(this::agentsNow, false)
                .onSuccess(size -> lastAgents = size)
                .timeout(COUNT_LIMIT_MS, TimeUnit.MILLISECONDS)
                // A call to a hanging member completes only after Hazelcast has removed that member
                .otherwise(failure -> lastAgents);
    }

    /** Counts each agent once. Fetches only the entries of agents that both poll and hold a slot, which are few. */
    private int agentsNow() {
        Set<String> polling = new HashSet<>();
        polls.values().forEach(poll -> polling.add(poll.substring(poll.indexOf(POLL_SEPARATOR) + 1)));
        return map.size() + polling.size() - map.getAll(polling).size();
    }

    @Override
    public void polled(SessionRef session) {
        if (pollSessions.recordRequest(session)) {
            String poll = nodes.self() + POLL_SEPARATOR + session.agentId();
            call(() -> polls.setAsync(
                                    LongPollSessions.key(session),
                                    poll,
                                    LongPollSessions.ONLINE.toSeconds(),
                                    TimeUnit.SECONDS)
                            .toCompletableFuture())
                    .onFailure(SharedSlots::logUnanswered);
        }
    }

    @Override
    public void pollEnded(SessionRef session) {
        pollSessions.ended(LongPollSessions.key(session));
        removePoll(LongPollSessions.key(session));
    }

    @Override
    public void pollsEnded(String agentId) {
        pollSessions.endAllOf(agentId).forEach(this::removePoll);
    }

    /** Removes a session from the shared map. A failed removal is not retried, since the entry expires by itself. */
    private void removePoll(String session) {
        call(() -> polls.removeAsync(session).toCompletableFuture()).onFailure(SharedSlots::logUnanswered);
    }

    @Override
    public List<String> onlinePollingAgents(String projectSlug) {
        return pollSessions.pollers(projectSlug);
    }

    @Override
    public int count() {
        return held.size();
    }

    @Override
    public List<SessionRef> held() {
        return held.values().stream().map(Held::session).toList();
    }

    /** Writes all slots of this node to the directory again. Returns how many of them the directory had lost. */
    Future<Integer> assertAll() {
        List<Held> all = new ArrayList<>(held.values());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        List<Future<Void>> writers = new ArrayList<>();
        for (int i = 0; i < Math.min(ASSERTIONS_AT_ONCE, all.size()); i++) {
            writers.add(assertFrom(all, next, changed));
        }
        return Future.join(writers).map(done -> changed.get());
    }

    private Future<Void> assertFrom(List<Held> all, AtomicInteger next, AtomicInteger changed) {
        int at = next.getAndIncrement();
        while (at < all.size() && !held.containsKey(all.get(at).session().sessionId())) { // Released meanwhile
            at = next.getAndIncrement();
        }
        if (at >= all.size()) {
            return Future.succeededFuture();
        }
        Held one = all.get(at);
        return submit(one.session().agentId(), open(one.session(), one.epoch())).compose(wasNew -> {
            if (wasNew) {
                changed.incrementAndGet();
                // Released during this write, so the directory may have processed the release first; release again
                if (!held.containsKey(one.session().sessionId())) {
                    return submit(
                                    one.session().agentId(),
                                    new SlotProcessors.Release(one.session().sessionId()))
                            .compose(done -> assertFrom(all, next, changed));
                }
            }
            return assertFrom(all, next, changed);
        });
    }

    /**
     * Removes the holds of this node that are older than {@code before} and that no session of this node has. Scans the
     * whole map, on a worker thread.
     */
    Future<Integer> dropStaleHolds(long before) {
        var step = new SlotProcessors.DropStaleHolds(nodes.self(), Set.copyOf(held.keySet()), before);
        return vertx.executeBlocking(() -> map.executeOnEntries(step).size(), false);
    }

    /** Removes the holds of dead nodes and returns their sessions. Scans the whole map, on a worker thread. */
    Future<List<SessionRef>> dropHoldsOfDeadNodes(Set<String> live, long before) {
        var step = new SlotProcessors.DropDeadNodes(Set.copyOf(live), before);
        return vertx.executeBlocking(
                () -> {
                    List<SessionRef> lost = new ArrayList<>();
                    map.executeOnEntries(step).forEach((agentId, dropped) -> {
                        if (dropped != null) {
                            dropped.holds().stream()
                                    .filter(hold -> !hold.pending()) // An undecided claim never held a slot
                                    .forEach(hold -> lost.add(dropped.session(agentId, hold)));
                        }
                    });
                    return lost;
                },
                false);
    }

    /** Returns the directory's holds for one agent. */
    Future<List<SlotHold>> holds(String agentId) {
        return call(() -> map.getAsync(agentId).toCompletableFuture())
                .map(slots -> slots == null ? List.of() : slots.holds());
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    private SlotProcessors.Open open(SessionRef session, long epoch) {
        return new SlotProcessors.Open(AgentSlots.none(session), SlotHold.of(session, epoch, clock.millis()));
    }

    private <R> Future<R> submit(String agentId, EntryProcessor<String, AgentSlots, R> step) {
        return call(() -> map.submitToKey(agentId, step).toCompletableFuture());
    }

    private interface Stage<R> {
        CompletionStage<R> begin();
    }

    /**
     * Starts a call and completes its future on the caller's context. Hazelcast completes calls on its own threads, and
     * throws once it is shut down.
     */
    private <R> Future<R> call(Stage<R> stage) {
        Context context = vertx.getOrCreateContext();
        try {
            return Future.fromCompletionStage(stage.begin(), context);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static void logUnanswered(Throwable failure) {
        LOG.atDebug().setCause(failure).log("The slot directory did not answer; this node will assert its slots again");
    }
}
