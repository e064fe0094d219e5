package dev.ganglion.projection.lost;

import dev.ganglion.projection.task.SubjectKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connected session of an agent, and the process that holds it.
 *
 * @param process hash of its name in the event stream; the hash of the agent's id if it has no {@code worker_id}
 * @param longPoll whether it is a long-poll session, whose process is unknown
 * @param identity the process that its hello describes; null if the hello does not describe it
 * @param role role that its hello names; null if it names none
 * @param connectedMs time when the session connected, by the brain's clock, in milliseconds since 1970
 * @param engines engines that its hello names; empty if they are unknown
 * @param workers engine workers that its events named
 */
public record PresentProcess(
        long process,
        boolean longPoll,
        @Nullable Identity identity,
        @Nullable String role,
        long connectedMs,
        Set<String> engines,
        Set<SubjectKey> workers) {

    /**
     * What distinguishes a process from all others.
     *
     * @param host name of its host; empty if unknown
     * @param pid its process id; 0 if unknown
     * @param startedMs its start time by its own clock, in milliseconds since 1970; 0 if unknown
     */
    public record Identity(String host, int pid, long startedMs) {}

    /** Copies the sets. */
    public PresentProcess {
        engines = Set.copyOf(engines);
        workers = Set.copyOf(workers);
    }

    /** Whether this session can answer a question about a task of an engine. */
    boolean knows(String engine) {
        return engines.isEmpty() || engines.contains(engine);
    }
}
