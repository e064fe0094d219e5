package dev.ganglion.chaos;

import dev.ganglion.cluster.DirectoryView;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The cluster of one experiment under load, with its measurements and faults. */
final class ExperimentRun implements AutoCloseable {
    /** Longest time in which a resumed node must close its lost sessions. */
    static final Duration CLOSED = Duration.ofSeconds(5);

    private final boolean quick;
    private final ThreeNodes cluster;
    private final Vertx vertx = Vertx.vertx();
    private final RoundRobinProxy doors;
    private final Load load;
    private final CapWatch caps;
    private final List<String> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final ConcurrentHashMap<Integer, Long> untrustedUntil = new ConcurrentHashMap<>();

    ExperimentRun(String name, boolean quick, Path work, ThreeNodes.Places places) {
        this.quick = quick;
        cluster = new ThreeNodes(work, places);
        RoundRobinProxy created = null;
        try {
            cluster.awaitAll();
            created = new RoundRobinProxy(vertx, cluster.nodes());
            doors = created;
            AdminRest calls = new AdminRest(created.open().at());
            Wait.until("the proxy to route to the nodes", Duration.ofSeconds(10), calls::ready);
            load = new Load(vertx, created, calls, name, this::trusted);
            caps = new CapWatch(cluster.redis().uri(), load.projectId(), load.capped(), load::sockets);
        } catch (RuntimeException e) {
            if (created != null) {
                created.close();
            }
            cluster.complaints().stream().limit(20).forEach(line -> System.out.println("  " + line));
            cluster.close();
            vertx.close().await();
            throw e;
        }
    }

    private boolean trusted(int node) {
        return System.nanoTime() > untrustedUntil.getOrDefault(node, Long.MIN_VALUE);
    }

    boolean quick() {
        return quick;
    }

    ThreeNodes cluster() {
        return cluster;
    }

    Load load() {
        return load;
    }

    CapWatch caps() {
        return caps;
    }

    RoundRobinProxy doors() {
        return doors;
    }

    void begin() {
        load.begin();
        caps.start();
    }

    /** Lets the load continue for a while. */
    void letLoadRun(int seconds) {
        Wait.pass(Duration.ofSeconds(quick ? Math.min(3, seconds) : seconds));
    }

    /** Freezes a node. Its sockets do not count from now on. */
    void freeze(int node) {
        untrustedUntil.put(node, Long.MAX_VALUE);
        cluster.node(node).freeze();
    }

    /** Resumes a node. Its sockets count again after the time in which it must close its lost sessions. */
    void thaw(int node) {
        untrustedUntil.put(node, System.nanoTime() + CLOSED.toNanos());
        cluster.node(node).thaw();
    }

    /** Records a measurement and compares it with its limit. */
    void recordMeasurement(String what, Duration took, Duration limit) {
        String text = String.format("%s %.1f s", what, took.toMillis() / 1e3);
        figures.add(text);
        System.out.println("  " + text + " (limit " + limit.toSeconds() + " s)");
        if (took.compareTo(limit) > 0) {
            faults.add(what + " took " + took.toMillis() + " ms, more than " + limit.toSeconds() + " s");
        }
    }

    void recordMeasurement(String text) {
        figures.add(text);
        System.out.println("  " + text);
    }

    void require(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
            System.out.println("  FAULT " + otherwise);
        }
    }

    List<String> figures() {
        return List.copyOf(figures);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Connects a worker process through the proxy repeatedly until it is admitted. */
    LoadWorker connectUntilAdmitted(LoadWorker.Enrolled agent, Duration limit) {
        LoadWorker[] last = {load.connectOutsideLoad(agent, "probe")};
        Wait.until("a new worker to be admitted", limit, () -> {
            if (last[0].stopped()) {
                last[0] = load.connectOutsideLoad(agent, "probe");
            }
            return last[0].online();
        });
        return last[0];
    }

    /**
     * Measures the time until the slot directory lists exactly the sessions that have sockets. The contest pauses
     * meanwhile.
     */
    void awaitDirectoryMatchesSockets(long since, Duration limit) {
        load.contest().pause();
        try (DirectoryView directory = cluster.directory()) {
            Wait.until(
                    "the directory to match the sockets",
                    limit.multipliedBy(2),
                    () -> directory.sessions().equals(load.sessions()));
            recordMeasurement(
                    "directory matches the " + load.sessions().size() + " sockets after",
                    Duration.ofNanos(System.nanoTime() - since),
                    limit);
        } finally {
            load.contest().resume();
        }
    }

    /** Returns whether a node lists this worker process of an agent. */
    boolean shows(int node, LoadWorker.Enrolled agent, String worker) {
        try {
            return new AdminRest(cluster.node(node).http())
                            .get("/api/v1/projects/" + load.slug() + "/agents/" + agent.id() + "/workers", 3_000)
                            .expect(200)
                            .getJsonArray("items")
                            .stream()
                            .map(JsonObject.class::cast)
                            .anyMatch(item -> item.getString("worker_id").equals(worker));
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        caps.close();
        load.close();
        doors.close();
        vertx.close().otherwiseEmpty().await();
        cluster.close();
    }
}
