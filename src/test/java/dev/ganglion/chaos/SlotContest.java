package dev.ganglion.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Twice as many worker processes as their agent's cap allows. They constantly connect, stay for a while, and
 * disconnect.
 */
final class SlotContest implements AutoCloseable {
    private static final long PACE_NANOS = 50_000_000;

    private final LoadWorker.Enrolled agent;
    private final Function<String, LoadWorker> connect;
    private final LoadWorker[] members;
    private final long[] until;
    private final Random random = new Random(20_261_123);
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Thread thread = new Thread(this::contend, "contest");
    private volatile boolean closed;
    private volatile boolean paused;

    SlotContest(LoadWorker.Enrolled agent, Function<String, LoadWorker> connect) {
        this.agent = agent;
        this.connect = connect;
        this.members = new LoadWorker[2 * agent.cap()];
        this.until = new long[members.length];
    }

    void start() {
        thread.start();
    }

    private void contend() {
        while (!closed) {
            for (int i = 0; i < members.length && !paused; i++) {
                contend(i, System.nanoTime());
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
        for (LoadWorker member : members) {
            if (member != null) {
                var unused = member.agent().stop(Duration.ZERO);
            }
        }
    }

    private synchronized void contend(int i, long now) {
        LoadWorker member = members[i];
        if (member == null) {
            if (now > until[i]) {
                members[i] = connect.apply("contender-" + i);
                until[i] = 0;
            }
        } else if (member.stopped()) {
            refused.incrementAndGet();
            members[i] = null;
            until[i] = now + Duration.ofMillis(100 + random.nextInt(300)).toNanos();
        } else if (member.online() && until[i] == 0) {
            admitted.incrementAndGet();
            until[i] = now + Duration.ofMillis(1_000 + random.nextInt(3_000)).toNanos();
        } else if (until[i] != 0 && now > until[i]) {
            var unused = member.agent().stop(Duration.ZERO);
            members[i] = null;
            until[i] = now + Duration.ofMillis(random.nextInt(300)).toNanos();
        }
    }

    LoadWorker.Enrolled agent() {
        return agent;
    }

    /** Returns the number of workers that match a condition. */
    synchronized int count(Predicate<LoadWorker> live) {
        return (int) Arrays.stream(members)
                .filter(member -> member != null && live.test(member))
                .count();
    }

    /** Stops all workers from connecting and disconnecting. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }

    /** Returns the ids of the current sessions, by the sockets. */
    synchronized List<String> sessions() {
        return Arrays.stream(members)
                .filter(member -> member != null)
                .flatMap(member -> member.session().stream())
                .toList();
    }

    int admitted() {
        return admitted.get();
    }

    /** Returns the number of connections that were rejected because the cap was reached. */
    int refused() {
        return refused.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
