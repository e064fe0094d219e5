package dev.ganglion.command;

import dev.ganglion.protocol.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a command stands. Each transition is one atomic step in the store, which checks the state that it leaves.
 *
 * <pre>
 *   Pending ──claimed for a session──> Dispatched ──agent: received──> Acknowledged
 *      │                                  │  ^ delivered again                │ delivered again, to the same worker
 *      │                                  │  └──────────────                  │
 *      │                                  └──────────result──────┬────────────┘
 *      │                                                         v
 *      │                                               Completed | Failed
 *      └──────────── time is over (from any of the three) ──> TimedOut
 * </pre>
 */
public sealed interface CommandState {
    /** The status as REST and metrics name it. */
    String status();

    /** Whether nothing will change it any more. */
    default boolean isFinal() {
        return this instanceof Completed || this instanceof Failed || this instanceof TimedOut;
    }

    /** Waits for a connection of its agent. */
    record Pending() implements CommandState {
        @Override
        public String status() {
            return "pending";
        }
    }

    /** Given to a connection. */
    record Dispatched() implements CommandState {
        @Override
        public String status() {
            return "dispatched";
        }
    }

    /** The agent has it, and may be running it. */
    record Acknowledged() implements CommandState {
        @Override
        public String status() {
            return "acknowledged";
        }
    }

    /** The agent did it. */
    record Completed(Instant at, Json result) implements CommandState {
        @Override
        public String status() {
            return "completed";
        }
    }

    /**
     * The agent could not do it.
     *
     * @param error {@code {"code":…,"message":…}}
     */
    record Failed(Instant at, Json result, Json error) implements CommandState {
        @Override
        public String status() {
            return "failed";
        }
    }

    /**
     * No result came in time.
     *
     * @param mayHaveRun whether it had been given to an agent
     * @param lateResultAt when a result came after all, which changed nothing
     */
    record TimedOut(
            Instant at, boolean mayHaveRun, @Nullable Instant lateResultAt) implements CommandState {
        @Override
        public String status() {
            return "timeout";
        }
    }
}
