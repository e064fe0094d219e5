package dev.ganglion.command;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a command. Each transition is one atomic step in the store, which checks the state that the command
 * leaves.
 *
 * <pre>
 *   Pending ──claimed for a session──> Dispatched ──agent: received──> Acknowledged
 *      │                                  │  ^ delivered again                │ delivered again, to the same worker
 *      │                                  │  └──────────────                  │
 *      │                                  └──────────result──────┬────────────┘
 *      │                                                         v
 *      │                                               Completed | Failed
 *      └────────── the time-out expires (from any of the three) ──> TimedOut
 * </pre>
 */
public sealed interface CommandState {
    /** The status as REST and metrics name it. */
    String status();

    /** Whether this state is final. */
    default boolean isFinal() {
        return this instanceof Completed || this instanceof Failed || this instanceof TimedOut;
    }

    /** The command waits for a connection of its agent. */
    record Pending() implements CommandState {
        @Override
        public String status() {
            return "pending";
        }
    }

    /** A connection of the agent received the command. */
    record Dispatched() implements CommandState {
        @Override
        public String status() {
            return "dispatched";
        }
    }

    /** The agent confirmed the command and may be running it. */
    record Acknowledged() implements CommandState {
        @Override
        public String status() {
            return "acknowledged";
        }
    }

    /** The agent ran the command. */
    record Completed(Instant at, Json result) implements CommandState {
        @Override
        public String status() {
            return "completed";
        }
    }

    /**
     * The agent failed to run the command.
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
     * No result arrived before the time-out.
     *
     * @param mayHaveRun whether the command was dispatched to an agent
     * @param lateResultAt time when a late result arrived, which did not change the state; null if none arrived
     */
    record TimedOut(
            Instant at, boolean mayHaveRun, @Nullable Instant lateResultAt) implements CommandState {
        @Override
        public String status() {
            return "timeout";
        }
    }
}
