package dev.ganglion.chaos;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An operator who constantly issues commands and reads lists through the proxy, and retries failed calls. */
final class Operator implements AutoCloseable {
    private static final long PACE_NANOS = 80_000_000;
    private static final long BACK_OFF_NANOS = 200_000_000;
    private static final int TRIES = 300;

    private final AdminRest calls;
    private final String project;
    private final List<LoadWorker> members;
    private final AtomicInteger made = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> issued = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Operator(AdminRest calls, String project, List<LoadWorker> members) {
        this.calls = calls;
        this.project = project;
        this.members = List.copyOf(members);
    }

    void start() {
        threads.add(new Thread(this::issue, "operator"));
        threads.add(new Thread(this::read, "reader"));
        threads.forEach(Thread::start);
    }

    /** Issues commands. Every third command must not run on another worker process after its first delivery. */
    private void issue() {
        for (int i = 0; !closed; i++) {
            LoadWorker member = members.get(i % members.size());
            boolean sticky = i % 3 == 0;
            JsonObject body = new JsonObject()
                    .put("agent_id", member.enrolled().id())
                    .put("engine", "celery")
                    .put("timeout_seconds", 600)
                    .put("idempotency_key", "chaos-" + i);
            if (sticky) {
                body.put("worker_name", "celery@host-" + i);
            } else {
                body.put("task_id", "t-" + i);
            }
            insist(body, sticky);
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private void insist(JsonObject body, boolean sticky) {
        String path = "/api/v1/projects/" + project + "/commands/" + (sticky ? "restart-worker" : "cancel-task");
        for (int tries = 0; tries < TRIES; tries++) {
            made.incrementAndGet();
            try {
                AdminRest.Answer answer = calls.post(path, body);
                if (answer.status() == 202) {
                    issued.put(new JsonObject(answer.body()).getString("id"), sticky);
                    return;
                }
                failures.add("POST " + answer.status() + " " + answer.body());
            } catch (IOException e) {
                failures.add("POST " + e);
            }
            LockSupport.parkNanos(BACK_OFF_NANOS);
        }
    }

    private void read() {
        while (!closed) {
            made.incrementAndGet();
            try {
                AdminRest.Answer answer = calls.get("/api/v1/projects/" + project + "/agents?limit=50");
                if (answer.status() != 200) {
                    failures.add("GET " + answer.status() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add("GET " + e);
            }
            LockSupport.parkNanos(PACE_NANOS * 2);
        }
    }

    /**
     * Returns the ids of the accepted commands, and whether each is bound to its worker process after its first
     * delivery.
     */
    Map<String, Boolean> issued() {
        return Map.copyOf(issued);
    }

    int made() {
        return made.get();
    }

    /** Returns the failed calls. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends after the current call. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(thread -> {
            try {
                thread.join(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
