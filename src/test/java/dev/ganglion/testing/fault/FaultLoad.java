package dev.ganglion.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentEvent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.AgentState;
import dev.ganglion.agent.BackoffRange;
import dev.ganglion.agent.CommandHandler;
import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Agents that stream events over real sockets, with several batches in flight each, and resend batches that were not
 * acknowledged. Agents never resend acknowledged events. An acknowledged event that is missing from the store at the
 * end was therefore lost.
 */
public final class FaultLoad implements AutoCloseable {
    private static final String ENDED = "task.succeeded";
    private static final List<String> KINDS = List.of("task.received", "task.started", ENDED);

    private static final int BATCH_EVENTS = 20;
    private static final int BATCHES_UNDER_WAY = 16;
    private static final Batching BATCHING =
            new Batching(BATCH_EVENTS, Duration.ofMillis(10), BATCHES_UNDER_WAY, 1_000_000);
    private static final BackoffRange BACKOFF =
            new BackoffRange(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(500));
    private static final long TICK_MS = 20;
    private static final int EVENTS_PER_TICK = 5;

    private final Vertx vertx = Vertx.vertx();
    private final AgentHost host = AgentHost.on(vertx);
    private final List<Agent> agents = new ArrayList<>();
    private final Set<String> emitted = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Queue<String> disconnectReasons = new ConcurrentLinkedQueue<>();
    private long timer = -1;

    /** Connects this many worker processes of each agent, which stream events until {@link #pause}. */
    public FaultLoad(FaultRest brain, List<FaultRest.Enrolled> enrolled, int workers) {
        this(brain, enrolled, workers, "worker-");
    }

    /** Connects worker processes with another name prefix. */
    public FaultLoad(FaultRest brain, List<FaultRest.Enrolled> enrolled, int workers, String name) {
        for (FaultRest.Enrolled each : enrolled) {
            for (int i = 0; i < workers; i++) {
                agents.add(connect(brain, each, name + i));
            }
        }
        awaitAllOnline();
        resume();
    }

    private Agent connect(FaultRest brain, FaultRest.Enrolled enrolled, String worker) {
        AgentOptions options = AgentOptions.of(
                        brain.url(), Secret.of(enrolled.token()), Secret.of(enrolled.hmacSecret()))
                .withProfile(AgentProfile.simulated(worker))
                .withBatching(BATCHING)
                .withBackoff(BACKOFF);
        Agent agent = new Agent(host, options, CommandHandler.UNSUPPORTED, state -> {
            if (state instanceof AgentState.Disconnected lost) {
                disconnectReasons.add(lost.reason());
            }
        });
        agent.start().onFailure(failure -> disconnectReasons.add(String.valueOf(failure.getMessage())));
        return agent;
    }

    private void emit() {
        for (Agent agent : agents) {
            for (int i = 0; i < EVENTS_PER_TICK; i++) {
                UUID id = UUID.randomUUID();
                emitted.add(id.toString());
                boolean taken = agent.emit(event(id, agents.indexOf(agent)));
                assert taken;
            }
        }
    }

    /** The next event of an agent. Three events in a row tell the story of one task. */
    private AgentEvent event(UUID id, int agent) {
        int number = numbers.merge(agent, 1, Integer::sum);
        int task = number / KINDS.size();
        String kind = KINDS.get(number % KINDS.size());
        JsonObject data = new JsonObject().put("queue", "q" + task % 2).put("task_name", "shop.send" + task % 5);
        if (kind.equals(ENDED) && task % 5 == 0) {
            kind = "task.failed";
            data.put("exception", "ValueError").put("exception_message", "no stock for order " + task);
        }
        return new AgentEvent(id, "celery", "t-" + agent + "-" + task, kind, Instant.now(), data);
    }

    /** Stops emitting events. */
    public void pause() {
        vertx.cancelTimer(timer);
    }

    /** Resumes emitting events. */
    public void resume() {
        timer = vertx.setPeriodic(TICK_MS, tick -> emit());
    }

    /** Waits until every connection has a session. */
    public void awaitAllOnline() {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> agents.stream().allMatch(each -> each.state() instanceof AgentState.Online));
    }

    /** Returns the number of connections. */
    public int size() {
        return agents.size();
    }

    /** Returns the number of connections that ended with this close code. */
    public long closedWith(int code) {
        return disconnectReasons.stream()
                .filter(reason -> reason.contains("closed the connection with code " + code))
                .count();
    }

    /** Returns the number of events acknowledged so far. */
    public long acked() {
        return agents.stream().mapToLong(agent -> agent.counts().acked()).sum();
    }

    /** Returns the number of sessions opened so far. */
    public long sessions() {
        return agents.stream().mapToLong(agent -> agent.counts().sessions()).sum();
    }

    /** Returns the reasons for which connections ended or failed, oldest first. */
    public List<String> disconnectReasons() {
        return List.copyOf(disconnectReasons);
    }

    /** Waits until this many further events are acknowledged. */
    public void awaitAcked(int more, Duration limit) {
        long from = acked();
        await().atMost(limit).until(() -> acked() >= from + more);
    }

    /**
     * Asserts that nothing is acknowledged for this long. Acknowledgements of batches in flight may still arrive during
     * the first two seconds.
     */
    public void assertNothingIsAckedFor(Duration time) {
        long before = acked();
        AtomicLong last = new AtomicLong(before);
        await().during(time).atMost(time.plusSeconds(2)).until(() -> {
            long now = acked();
            return last.getAndSet(now) == now;
        });
        assertThat(last.get() - before).isLessThanOrEqualTo((long) BATCH_EVENTS * BATCHES_UNDER_WAY * size());
    }

    /** Stops emitting, waits until all events are acknowledged, and compares them with the stored events. */
    public void assertAllAckedAndStoredOnce(String test, FaultRest brain, String project) {
        pause();
        long backlog = emitted.size() - acked();
        await().atMost(Duration.ofSeconds(90)).until(() -> acked() >= emitted.size());
        List<String> stored = brain.storedIds(project);
        Set<String> lost = new HashSet<>(emitted);
        Set<String> distinct = new HashSet<>(stored);
        lost.removeAll(distinct);
        long resent = agents.stream()
                .mapToLong(agent -> agent.counts().resentBatches())
                .sum();
        System.out.printf(
                "%s: acked %d, stored %d, duplicated %d, lost %d (backlog %d events, %d batches resent, %d"
                        + " sessions)%n",
                test,
                acked(),
                stored.size(),
                stored.size() - distinct.size(),
                lost.size(),
                backlog,
                resent,
                sessions());
        assertThat(acked()).isEqualTo(emitted.size());
        assertThat(lost).isEmpty();
        assertThat(stored).hasSameSizeAs(emitted);
        assertThat(distinct).isEqualTo(emitted);
    }

    @Override
    public void close() {
        pause();
        for (Agent agent : agents) {
            agent.stop(Duration.ZERO).otherwiseEmpty().await();
        }
        vertx.close().await();
    }
}
