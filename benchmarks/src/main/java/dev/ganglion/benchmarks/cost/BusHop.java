package dev.ganglion.benchmarks.cost;

import dev.ganglion.bus.LocalBus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the local event bus: a message to another event loop and its answer, sent as a brain sends them. */
public final class BusHop {
    private static final int WINDOW = 32;
    private static final String THERE = "there";
    private static final String BACK = "back";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Set<Long> loops = ConcurrentHashMap.newKeySet();
    private final LocalBus bus;
    private long left;
    private CompletableFuture<Void> done = new CompletableFuture<>();

    private BusHop(Vertx vertx) {
        bus = LocalBus.on(vertx);
        Context one = vertx.getOrCreateContext();
        Context other = vertx.getOrCreateContext();
        CompletableFuture<Void> ready = new CompletableFuture<>();
        one.runOnContext(v -> {
            vertx.eventBus().localConsumer(BACK, message -> answered());
            rememberLoop();
            other.runOnContext(w -> {
                vertx.eventBus().localConsumer(THERE, message -> bus.send(BACK, message.body()));
                rememberLoop();
                vertx.setTimer(200, timer -> ready.complete(null));
            });
        });
        ready.join();
    }

    private void rememberLoop() {
        boolean unused = loops.add(Thread.currentThread().getId());
    }

    private synchronized void answered() {
        if (--left >= WINDOW) {
            bus.send(THERE, this);
        } else if (left == 0) {
            done.complete(null);
        }
    }

    private double micros(long frames) {
        done = new CompletableFuture<>();
        left = frames;
        long before = cpu();
        for (int i = 0; i < WINDOW; i++) {
            bus.send(THERE, this);
        }
        done.join();
        return (cpu() - before) / 1e3 / frames;
    }

    private long cpu() {
        return loops.stream().mapToLong(threads::getThreadCpuTime).sum();
    }

    /** Returns the CPU time of both loops in microseconds per frame and answer: the lowest of all rounds. */
    public static double measure(int rounds) {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true))
                .build();
        try {
            BusHop hop = new BusHop(vertx);
            double best = hop.micros(200_000);
            for (int i = 0; i < rounds; i++) {
                best = Math.min(best, hop.micros(50_000));
            }
            return best;
        } finally {
            Object unused =
                    vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
