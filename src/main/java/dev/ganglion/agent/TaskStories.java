package dev.ganglion.agent;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** An endless stream of believable task events, the same for the same randomness. Not safe for threads. */
public final class TaskStories {
    /** As many as a worker of this many processes would have under way. */
    private static final int UNDER_WAY = 8;

    private final String engine;
    private final String worker;
    private final RandomGenerator random;
    private final Deque<Told> underWay = new ArrayDeque<>();

    /** A task that has begun and is not over. */
    private record Told(String taskId, SimulatedTask task) {}

    /** @param worker the engine's worker that the events name */
    public TaskStories(String engine, String worker, RandomGenerator random) {
        this.engine = engine;
        this.worker = worker;
        this.random = random;
    }

    /** The next event of some task. */
    public AgentEvent next(Instant now) {
        if (underWay.isEmpty() || (underWay.size() < UNDER_WAY && random.nextBoolean())) {
            Told begun = new Told(uuid().toString(), SimulatedTask.draw(random));
            underWay.add(begun);
            return new AgentEvent(
                    uuid(),
                    engine,
                    begun.taskId(),
                    "task.received",
                    now,
                    begun.task().received(worker, random));
        }
        Told oldest = underWay.remove();
        SimulatedTask.Step step = oldest.task().step(worker, random);
        if (step.next() != null) {
            underWay.add(new Told(oldest.taskId(), step.next()));
        }
        return new AgentEvent(uuid(), engine, oldest.taskId(), step.kind(), now, step.data());
    }

    /** Shaped as version 4, from the stories' own randomness. */
    private UUID uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low);
    }
}
