package dev.ganglion.chaos;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.agent.AgentEvent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.BackoffRange;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;

/**
 * A steady load on a cluster, with counts of its results: agents that stream events and execute commands, an operator
 * who issues the commands, and worker processes that contend for the slots of one agent.
 */
final class Load implements AutoCloseable {
    static final int SINGLES = 24;
    static final int GROUPS = 2;
    static final int GROUP = 3;
    private static final int CONTESTED_CAP = 4;
    private static final long TICK_MS = 100;
    private static final int EVENTS_PER_TICK = 2;
    private static final Duration DRAINED = Duration.ofSeconds(90);

    private final Vertx vertx;
    private final AgentHost host;
    private final RoundRobinProxy doors;
    private final AdminRest calls;
    private final String projectId;
    private final String slug;
    private final IntPredicate trusted;
    private final List<LoadWorker> members = new CopyOnWriteArrayList<>();
    private final Set<String> emitted = ConcurrentHashMap.newKeySet();
    private final SlotContest contest;
    private Operator operator;
    private long timer = -1;

    /**
     * @param trusted whether the sockets of a node count; they do not while the node is frozen or closes lost sessions
     */
    Load(Vertx vertx, RoundRobinProxy doors, AdminRest calls, String slug, IntPredicate trusted) {
        this.vertx = vertx;
        this.host = AgentHost.on(vertx);
        this.doors = doors;
        this.calls = calls;
        this.slug = slug;
        this.trusted = trusted;
        try {
            projectId = calls.post(
                            "/api/v1/projects",
                            new JsonObject().put("slug", slug).put("name", slug))
                    .expect(201)
                    .getString("id");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < SINGLES; i++) {
            join(enrol("single-" + i, 1), "worker", LoadWorker.SOON);
        }
        for (int i = 0; i < GROUPS; i++) {
            LoadWorker.Enrolled group = enrol("group-" + i, GROUP);
            for (int worker = 0; worker < GROUP; worker++) {
                join(group, "worker-" + worker, LoadWorker.SOON);
            }
        }
        LoadWorker.Enrolled contested = enrol("contested", CONTESTED_CAP);
        contest = new SlotContest(contested, worker -> connectOutsideLoad(contested, worker));
    }

    /** Enrols an agent. */
    LoadWorker.Enrolled enrol(String name, int cap) {
        JsonObject body = new JsonObject().put("name", name).put("connection_cap", cap);
        try {
            JsonObject made =
                    calls.post("/api/v1/projects/" + slug + "/agents", body).expect(201);
            return new LoadWorker.Enrolled(
                    made.getJsonObject("agent").getString("id"),
                    made.getString("token"),
                    made.getString("hmac_secret"),
                    cap);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void join(LoadWorker.Enrolled agent, String worker, BackoffRange backoff) {
        RoundRobinProxy.ProxyPort door = doors.open();
        add(new LoadWorker(host, agent, worker, door.at(), door::node, backoff));
    }

    /** Adds a worker process that connects only to one node and takes part in the load. */
    LoadWorker pin(LoadWorker.Enrolled agent, String worker, int node, BackoffRange backoff) {
        RoundRobinProxy.ProxyPort door = doors.openTo(node);
        return add(new LoadWorker(host, agent, worker, door.at(), door::node, backoff));
    }

    @CanIgnoreReturnValue
    private LoadWorker add(LoadWorker member) {
        members.add(member);
        member.start();
        return member;
    }

    /** Returns a worker process that connects through the proxy and takes no part in the load. */
    LoadWorker connectOutsideLoad(LoadWorker.Enrolled agent, String worker) {
        RoundRobinProxy.ProxyPort door = doors.open();
        LoadWorker member = new LoadWorker(host, agent, worker, door.at(), door::node, LoadWorker.SOON);
        member.start();
        return member;
    }

    /** Begins the load when all agents are online. */
    void begin() {
        awaitAllOnline(Duration.ofSeconds(60));
        timer = vertx.setPeriodic(TICK_MS, tick -> emit());
        operator = new Operator(calls, slug, members);
        operator.start();
        contest.start();
    }

    @CanIgnoreReturnValue
    Duration awaitAllOnline(Duration limit) {
        return Wait.until(
                "all agents to be online", limit, () -> members.stream().allMatch(LoadWorker::online));
    }

    private void emit() {
        for (LoadWorker member : members) {
            for (int i = 0; i < EVENTS_PER_TICK; i++) {
                UUID id = UUID.randomUUID();
                AgentEvent event = new AgentEvent(
                        id, "celery", "t-" + id, "task.started", Instant.now(), new JsonObject().put("queue", "q"));
                if (member.agent().emit(event)) {
                    emitted.add(id.toString());
                }
            }
        }
    }

    /** Returns the current worker processes of the load. */
    List<LoadWorker> members() {
        return List.copyOf(members);
    }

    Operator operator() {
        return operator;
    }

    String projectId() {
        return projectId;
    }

    String slug() {
        return slug;
    }

    /** Returns all agents with a cap above one. */
    List<LoadWorker.Enrolled> capped() {
        Map<String, LoadWorker.Enrolled> all = new HashMap<>();
        members.forEach(member -> all.put(member.enrolled().id(), member.enrolled()));
        all.put(contest.agent().id(), contest.agent());
        return all.values().stream().filter(agent -> agent.cap() > 1).toList();
    }

    /** Returns the number of an agent's live sockets on trusted nodes. */
    int sockets(LoadWorker.Enrolled agent) {
        if (agent.id().equals(contest.agent().id())) {
            return contest.count(this::counts);
        }
        return (int) members.stream()
                .filter(member -> member.enrolled().id().equals(agent.id()) && counts(member))
                .count();
    }

    private boolean counts(LoadWorker member) {
        int node = member.node();
        return node >= 0 && trusted.test(node);
    }

    SlotContest contest() {
        return contest;
    }

    /** Returns the ids of all sessions, by the sockets. */
    Set<String> sessions() {
        Set<String> all = new TreeSet<>(contest.sessions());
        members.forEach(member -> member.session().ifPresent(all::add));
        return all;
    }

    /** Ends the load, waits until everything has arrived, and counts. */
    LoadTotals finish() {
        vertx.cancelTimer(timer);
        operator.close();
        contest.close();
        List<String> late = new ArrayList<>();
        try {
            Wait.until(
                    "all events to be acked",
                    DRAINED,
                    () -> members.stream().allMatch(member -> member.agent().buffered() == 0));
        } catch (IllegalStateException e) {
            members.stream()
                    .filter(member -> member.agent().buffered() > 0)
                    .forEach(member -> late.add(
                            member.worker() + " of " + member.enrolled().id() + " is "
                                    + member.agent().state() + " and still buffers "
                                    + member.agent().buffered() + " events; "
                                    + tail(member.endings())));
        }
        try {
            Wait.until("all commands to be final", DRAINED, () -> unfinished().isEmpty());
        } catch (IllegalStateException e) {
            unfinished().forEach(command -> late.add(command.encode()));
        }
        try {
            return LoadTotals.of(calls, slug, this, late);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<LoadWorker.Ending> tail(List<LoadWorker.Ending> endings) {
        return endings.subList(Math.max(0, endings.size() - 3), endings.size());
    }

    private List<JsonObject> unfinished() {
        List<JsonObject> open = new ArrayList<>();
        try {
            for (String status : List.of("pending", "dispatched", "acknowledged")) {
                open.addAll(calls.all("/api/v1/projects/" + slug + "/commands?status=" + status));
            }
        } catch (IOException e) {
            open.add(new JsonObject().put("unknown", e.toString()));
        }
        return open;
    }

    Set<String> emitted() {
        return Set.copyOf(emitted);
    }

    long acked() {
        return members.stream()
                .mapToLong(member -> member.agent().counts().acked())
                .sum();
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        contest.close();
        if (operator != null) {
            operator.close();
        }
        members.forEach(member -> {
            var unused = member.agent().stop(Duration.ZERO);
        });
    }
}
