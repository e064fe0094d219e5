package dev.ganglion.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores agents and the hashes of their tokens. */
public interface AgentStore {
    /** Largest number of valid tokens of one agent. Concurrent rotations may exceed this limit. */
    int MAX_TOKENS = 16;

    /**
     * The agent that owns a token.
     *
     * @param project project of the agent
     * @param agentId id of the agent
     * @param connectionCap slots that the agent may hold; 0 = no cap, null = the cap of the project
     */
    record TokenOwner(
            Project project, String agentId, @Nullable Integer connectionCap) {}

    /** Stores a new agent and the hash of its token. */
    Future<Void> create(Project project, Agent agent, String tokenHash);

    /** Finds an agent with its present state. */
    Future<Optional<Agent>> find(Project project, String agentId);

    /** Lists agents in order of enrolment. */
    Future<ProjectStore.Page<Agent>> list(Project project, @Nullable String cursor, int limit);

    /** Stores a changed name and connection cap. Returns false if the agent does not exist. */
    Future<Boolean> update(Project project, Agent agent);

    /**
     * Adds a token and lets all earlier tokens expire after {@code overlap}, or earlier if an earlier rotation requires
     * it. Expiry times follow the clock of the store.
     *
     * <p>The change holds on every node once the future completes. If the future fails, the new token may be valid and
     * the earlier tokens keep their expiry, so the caller may retry. The future fails with {@code conflict} if {@value
     * #MAX_TOKENS} tokens are valid and the overlap is not 0.
     *
     * @param overlap time that the earlier tokens stay valid; 0 ends them at once
     * @return time when the last of the earlier tokens expires; empty if the agent does not exist
     */
    Future<Optional<Instant>> rotate(Project project, String agentId, String tokenHash, Duration overlap);

    /** Deletes the agent, its tokens and its slots. Returns false if the agent did not exist. Its events stay. */
    Future<Boolean> delete(Project project, String agentId);

    /** Finds the owner of the token with this hash. */
    Future<Optional<TokenOwner>> byTokenHash(String tokenHash);
}
