package dev.ganglion.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import dev.ganglion.bus.SessionRef;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory over all nodes, in a Hazelcast map. A claim that fails is not tried again but left to the store to
 * decide; what a node holds it asserts again and again, and what it gives back it tries to for some seconds.
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
    private final IMap<String, String> polls;
    private final PollRoll pollRoll = new PollRoll(System::nanoTime);
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private volatile int lastAgents;

    SharedSlots(Vertx vertx, HazelcastInstance hazelcast, Liveness nodes, Clock clock) {
        this.vertx = vertx;
        this.hazelcast = hazelcast;
        this.map = hazelcast.getMap(MemberConfig.SLOTS);
        this.polls = hazelcast.getMap(MemberConfig.POLLS);
        this.nodes = nodes;
        this.clock = clock;
        EntryAddedListener<String, String> added = event -> heard(event.getKey(), event.getValue());
        EntryUpdatedListener<String, String> updated = event -> heard(event.getKey(), event.getValue());
        polls.addEntryListener(added, true);
        polls.addEntryListener(updated, true);
        EntryRemovedListener<String, String> removed = event -> heard(event.getKey(), "");
        polls.addEntryListener(removed, false);
    }

    /**
     * A long-poll session made a request: if it was to another node, or the session has ended, this one has it no more.
     * What is heard may be older than what this node said itself meanwhile: what the map says counts.
     */
    private void heard(String session, String poll) {
        if (isHere(poll) || !pollRoll.has(session)) {
            return;
        }
        long heard = System.nanoTime();
        call(() -> polls.getAsync(session).toCompletableFuture())
                .onSuccess(now -> {
                    if (now == null) {
                        pollRoll.gone(session);
                    } else if (!isHere(now)) {
                        pollRoll.elsewhere(session, heard);
                    }
                })
                .onFailure(SharedSlots::later);
    }

    private boolean isHere(String poll) {
        return poll.startsWith(nodes.self() + POLL_SEPARATOR);
    }

    @Override
    public Future<Claim> claim(SessionRef session, int cap) {
        Hold claim = Hold.of(session, 0, clock.millis());
        List<String> trusted = List.copyOf(nodes.trusted());
        return submit(session.agentId(), new SlotSteps.Claim(AgentSlots.none(session), claim, cap, trusted))
                .timeout(CLAIM_LIMIT_MS, TimeUnit.MILLISECONDS)
                .map(verdict -> verdict == SlotSteps.FULL ? Claim.FULL : Claim.GRANTED)
                .otherwise(failure -> {
                    LOG.atDebug().setCause(failure).log("the directory did not answer, the store decides");
                    return Claim.GRANTED;
                });
    }

    @Override
    public void opened(SessionRef session, long epoch) {
        held.put(session.sessionId(), new Held(session, epoch));
        submit(session.agentId(), open(session, epoch)).onFailure(SharedSlots::later);
    }

    @Override
    public void released(SessionRef session) {
        held.remove(session.sessionId());
        release(session, RELEASES);
    }

    /** What stays here by mistake counts against the agent, so this is tried again, for a while. */
    private void release(SessionRef session, int tries) {
        submit(session.agentId(), new SlotSteps.Release(session.sessionId())).onFailure(failure -> {
            later(failure);
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
                .otherwise(silent -> lastAgents); // a member that hangs is waited for until it is out of the cluster
    }

    /** Agents of both kinds are few: only those are fetched. */
    private int agentsNow() {
        Set<String> polling = new HashSet<>();
        polls.values().forEach(poll -> polling.add(poll.substring(poll.indexOf(POLL_SEPARATOR) + 1)));
        return map.size() + polling.size() - map.getAll(polling).size();
    }

    @Override
    public void polled(SessionRef session) {
        if (pollRoll.seen(session)) {
            String poll = nodes.self() + POLL_SEPARATOR + session.agentId();
            call(() -> polls.setAsync(PollRoll.key(session), poll, PollRoll.ONLINE.toSeconds(), TimeUnit.SECONDS)
                            .toCompletableFuture())
                    .onFailure(SharedSlots::later);
        }
    }

    @Override
    public void pollEnded(SessionRef session) {
        pollRoll.gone(PollRoll.key(session));
        forget(PollRoll.key(session));
    }

    @Override
    public void pollsEnded(String agentId) {
        pollRoll.goneOf(agentId).forEach(this::forget);
    }

    /** What stays by mistake ends by itself. */
    private void forget(String session) {
        call(() -> polls.removeAsync(session).toCompletableFuture()).onFailure(SharedSlots::later);
    }

    @Override
    public List<String> pollers(String projectSlug) {
        return pollRoll.pollers(projectSlug);
    }

    @Override
    public int count() {
        return held.size();
    }

    @Override
    public List<SessionRef> held() {
        return held.values().stream().map(Held::session).toList();
    }

    /** Notes again what this node holds; gives how much of it was not known. */
    Future<Integer> assertAll() {
        List<Held> all = new ArrayList<>(held.values());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger changed = new AtomicInteger();
        List<Future<Void>> lanes = new ArrayList<>();
        for (int i = 0; i < Math.min(ASSERTIONS_AT_ONCE, all.size()); i++) {
            lanes.add(assertFrom(all, next, changed));
        }
        return Future.join(lanes).map(done -> changed.get());
    }

    private Future<Void> assertFrom(List<Held> all, AtomicInteger next, AtomicInteger changed) {
        int at = next.getAndIncrement();
        while (at < all.size() && !held.containsKey(all.get(at).session().sessionId())) { // released since
            at = next.getAndIncrement();
        }
        if (at >= all.size()) {
            return Future.succeededFuture();
        }
        Held one = all.get(at);
        return submit(one.session().agentId(), open(one.session(), one.epoch())).compose(wasNew -> {
            if (wasNew) {
                changed.incrementAndGet();
                if (!held.containsKey(one.session().sessionId())) { // released in between: then this came last
                    return submit(
                                    one.session().agentId(),
                                    new SlotSteps.Release(one.session().sessionId()))
                            .compose(done -> assertFrom(all, next, changed));
                }
            }
            return assertFrom(all, next, changed);
        });
    }

    /** Takes away what this node is said to hold since a while and does not. Looks at the whole map, on a worker. */
    Future<Integer> dropForgotten(long before) {
        var step = new SlotSteps.DropForgotten(nodes.self(), Set.copyOf(held.keySet()), before);
        return vertx.executeBlocking(() -> map.executeOnEntries(step).size(), false);
    }

    /** Takes away what nodes that are gone held, and says what. Looks at the whole map, on a worker. */
    Future<List<SessionRef>> dropStrangers(Set<String> live, long before) {
        var step = new SlotSteps.DropStrangers(Set.copyOf(live), before);
        return vertx.executeBlocking(
                () -> {
                    List<SessionRef> lost = new ArrayList<>();
                    map.executeOnEntries(step).forEach((agentId, dropped) -> {
                        if (dropped != null) {
                            dropped.holds().stream()
                                    .filter(hold -> !hold.pending()) // a claim that was never decided held nothing
                                    .forEach(hold -> lost.add(dropped.session(agentId, hold)));
                        }
                    });
                    return lost;
                },
                false);
    }

    /** What the directory has of an agent, for whoever compares it with the sockets. */
    Future<List<Hold>> holds(String agentId) {
        return call(() -> map.getAsync(agentId).toCompletableFuture())
                .map(slots -> slots == null ? List.of() : slots.holds());
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    private SlotSteps.Open open(SessionRef session, long epoch) {
        return new SlotSteps.Open(AgentSlots.none(session), Hold.of(session, epoch, clock.millis()));
    }

    private <R> Future<R> submit(String agentId, EntryProcessor<String, AgentSlots, R> step) {
        return call(() -> map.submitToKey(agentId, step).toCompletableFuture());
    }

    private interface Stage<R> {
        java.util.concurrent.CompletionStage<R> begin();
    }

    /** Completes on the caller's context; Hazelcast answers on threads of its own, and throws when it is shut down. */
    private <R> Future<R> call(Stage<R> stage) {
        Context context = vertx.getOrCreateContext();
        try {
            return Future.fromCompletionStage(stage.begin(), context);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static void later(Throwable failure) {
        LOG.atDebug().setCause(failure).log("the directory did not answer, it will be told again");
    }
}
