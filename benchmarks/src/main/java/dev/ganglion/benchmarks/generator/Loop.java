package dev.ganglion.benchmarks.generator;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** One event loop of the generator, with its connections, schedules and meter. */
final class Loop {
    private static final long LEAST_REST_NANOS = 1_000_000;
    private static final int MOST_AT_ONCE = 64;
    private static final int CONNECT_TIMEOUT_MS = 30_000;

    private final Vertx vertx;
    private final ContextInternal context;
    private final Target target;
    private final List<NetClient> clients = new ArrayList<>();
    private final List<AgentConnection> connections = new ArrayList<>();
    private final List<AgentConnection> toConnect = new ArrayList<>();
    private final Map<String, FrameEncoder> encoders = new HashMap<>();
    private final Meter meter = new Meter();
    private final SecureRandom seeds = new SecureRandom();
    private Frames frames = new SingleEvents(1, seeds);
    private BiConsumer<String, Long> commands = (id, at) -> {};
    private BiConsumer<String, Long> newTasks = (id, at) -> {};
    private long newTaskNanos = Long.MAX_VALUE;
    private long nextNewTask;
    private int turn;
    private int connecting;
    private int connectingAtOnce = 64;
    private boolean draining;
    private boolean reconnects;

    Loop(Vertx vertx, Target target, int sources) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.target = target;
        for (int i = 0; i < (target.loopback() ? sources : 1); i++) {
            NetClientOptions options = new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setConnectTimeout(CONNECT_TIMEOUT_MS)
                    .setSsl(target.tls());
            if (target.tls()) {
                options.setHostnameVerificationAlgorithm("HTTPS");
            }
            if (target.loopback()) {
                options.setLocalAddress("127.0.0." + (i + 2));
            }
            clients.add(vertx.createNetClient(options));
        }
    }

    /** Runs work on the loop and waits for its end. */
    void run(Runnable work) {
        Object unused = call(() -> {
            work.run();
            return true;
        });
    }

    /** Runs work on the loop and waits for its result. */
    <T> T call(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        context.runOnContext(v -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.join();
    }

    Meter meter() {
        return meter;
    }

    boolean draining() {
        return draining;
    }

    FrameEncoder encoder(Credential credential) {
        return encoders.computeIfAbsent(credential.projectId(), id -> new FrameEncoder(credential.secret()));
    }

    Frames frames() {
        return frames;
    }

    /** Makes batches in which every event has a task of its own. */
    void events(int perFrame) {
        frames = new SingleEvents(perFrame, seeds);
    }

    /** Makes batches of tasks that are received, started and ended. */
    void tasks(int perFrame) {
        frames = new TaskFrames(perFrame, seeds.nextLong());
    }

    /** Passes on a task per interval when its first event is acknowledged, with the time of the ack. */
    void newTasks(long everyNanos, BiConsumer<String, Long> listener) {
        newTasks = listener;
        newTaskNanos = everyNanos;
        nextNewTask = System.nanoTime();
    }

    /** Whether the next batch is one whose newest task is to be passed on. */
    boolean watchesNewTask(long now) {
        if (newTaskNanos == Long.MAX_VALUE || now < nextNewTask) {
            return false;
        }
        nextNewTask = Math.max(now, nextNewTask + newTaskNanos);
        return true;
    }

    void onNewTask(String id, long ackedAt) {
        newTasks.accept(id, ackedAt);
    }

    void commands(BiConsumer<String, Long> listener) {
        commands = listener;
    }

    void onCommand(String id, long at) {
        commands.accept(id, at);
    }

    // --- Connections ---

    void connectingAtOnce(int most) {
        connectingAtOnce = most;
    }

    void add(Credential credential, int number) {
        AgentConnection connection = new AgentConnection(this, credential, number);
        connections.add(connection);
        toConnect.add(connection);
    }

    void connectMore() {
        while (connecting < connectingAtOnce && !toConnect.isEmpty()) {
            connecting++;
            AgentConnection connection = toConnect.remove(toConnect.size() - 1);
            connection.connect(clients.get(turn++ % clients.size()), target);
        }
    }

    void online(AgentConnection connection) {
        connecting--;
        connectMore();
    }

    void ended(AgentConnection connection, boolean wasOnline) {
        if (!wasOnline) {
            connecting--;
        }
        if (reconnects) {
            toConnect.add(connection);
        }
        connectMore();
    }

    /** Disconnects a share of the connections and reconnects them, one after the other, spread over this time. */
    void churn(double share, long overMillis) {
        int count = (int) Math.round(connections.size() * share);
        for (int i = 0; i < count; i++) {
            AgentConnection connection = connections.get((turn + i * 7) % connections.size());
            vertx.setTimer(1 + overMillis * i / Math.max(1, count), timer -> {
                if (connection.online() && connection.unacked() == 0) {
                    connection.leave();
                    toConnect.add(connection);
                    connectMore();
                }
            });
        }
        turn += count;
    }

    long online() {
        return connections.stream().filter(AgentConnection::online).count();
    }

    long unacked() {
        return connections.stream()
                .filter(AgentConnection::online)
                .mapToLong(AgentConnection::unacked)
                .sum();
    }

    /** Closes all connections and removes them. */
    void leave() {
        reconnects = false;
        toConnect.clear();
        connections.forEach(AgentConnection::leave);
        connections.clear();
        connecting = 0;
    }

    void reconnects(boolean now) {
        reconnects = now;
    }

    // --- Load ---

    void window(int size) {
        draining = size == 0;
        connections.forEach(connection -> connection.window(size));
    }

    /** Sends batches on a schedule, whatever the acks do. The returned action stops that. */
    Runnable schedule(Schedule schedule, int first, int count) {
        Sender sender = new Sender(schedule, first, count);
        sender.run();
        return () -> sender.stopped = true;
    }

    /**
     * Sends all frames that are due and then waits for the next one. It pauses at least 1 ms, in which the loop reads
     * acks.
     */
    private final class Sender implements Runnable {
        private final Schedule schedule;
        private final int first;
        private final int count;
        private long done;
        private boolean stopped;

        Sender(Schedule schedule, int first, int count) {
            this.schedule = schedule;
            this.first = first;
            this.count = count;
        }

        @Override
        public void run() {
            if (stopped) {
                return;
            }
            int some = Math.min(count, connections.size() - first);
            // A larger backlog waits for the next runs. Its latency counts from when its frames were due.
            long last = Math.min(schedule.dueBy(System.nanoTime()), done + MOST_AT_ONCE);
            while (done < last && some > 0) {
                AgentConnection connection = connections.get(first + (int) (done % some));
                if (connection.online()) {
                    connection.offer(schedule.at(done));
                }
                done++;
            }
            long rest = Math.max(LEAST_REST_NANOS, schedule.at(done) - System.nanoTime());
            // Vert.x timers have a resolution of 1 ms, which would distort the latency of acks.
            Object unused =
                    context.nettyEventLoop().schedule(() -> context.emit(v -> run()), rest, TimeUnit.NANOSECONDS);
        }
    }

    /** Makes every connection send one heartbeat per interval, spread evenly over it. */
    Runnable heartbeats(long everyMillis) {
        double[] owed = {0};
        int[] at = {0};
        long step = 20;
        long timer = vertx.setPeriodic(step, tick -> {
            owed[0] += (double) connections.size() * step / everyMillis;
            for (; owed[0] >= 1 && !connections.isEmpty(); owed[0]--) {
                connections.get(at[0]++ % connections.size()).heartbeat();
            }
        });
        return () -> vertx.cancelTimer(timer);
    }
}
