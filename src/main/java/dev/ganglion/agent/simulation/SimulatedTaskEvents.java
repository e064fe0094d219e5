package dev.ganglion.agent.simulation;

import dev.ganglion.agent.AgentEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Generates an endless stream of realistic task events. The same random source gives the same events. Not thread-safe.
 */
public final class SimulatedTaskEvents {
    /** Number of tasks in progress at a time, like a worker with this many processes. */
    private static final int MAX_ONGOING = 8;

    private final String engine;
    private final String worker;
    private final RandomGenerator random;
    private final Deque<Ongoing> ongoing = new ArrayDeque<>();

    /** A task in progress. */
    private record Ongoing(String taskId, SimulatedTask task) {}

    /**
     * Creates a generator.
     *
     * @param worker name of the engine worker in the events
     */
    public SimulatedTaskEvents(String engine, String worker, RandomGenerator random) {
        this.engine = engine;
        this.worker = worker;
        this.random = random;
    }

    /** Returns the next event of one of the tasks. */
    public AgentEvent next(Instant now) {
        if (ongoing.isEmpty() || (ongoing.size() < MAX_ONGOING && random.nextBoolean())) {
            Ongoing started = new Ongoing(uuid().toString(), SimulatedTask.draw(random));
            ongoing.add(started);
            return new AgentEvent(
                    uuid(),
                    engine,
                    started.taskId(),
                    "task.received",
                    now,
                    started.task().received(worker, random));
        }
        Ongoing oldest = ongoing.remove();
        SimulatedTask.Step step = oldest.task().step(worker, random);
        if (step.next() != null) {
            ongoing.add(new Ongoing(oldest.taskId(), step.next()));
        }
        return new AgentEvent(uuid(), engine, oldest.taskId(), step.kind(), now, step.data());
    }

    /** Returns a version 4 UUID from the generator's own random source. */
    private UUID uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low);
    }
}
