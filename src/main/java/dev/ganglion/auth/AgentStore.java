package dev.ganglion.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where agents and the hashes of their tokens are kept. */
public interface AgentStore {
    /** Tokens of one agent that may be valid at once; rotations that come at the same time may exceed it. */
    int MAX_TOKENS = 16;

    /** What a token's hash leads to. */
    record TokenOwner(
            Project project, String agentId, @Nullable Integer connectionCap) {}

    /** Keeps a new agent and its token's hash. */
    Future<Void> create(Project project, Agent agent, String tokenHash);

    /** One agent with its present state. */
    Future<Optional<Agent>> find(Project project, String agentId);

    /** Agents in the order they were enrolled. */
    Future<ProjectStore.Page<Agent>> list(Project project, @Nullable String cursor, int limit);

    /** Keeps a changed name and cap; false when there is no such agent. */
    Future<Boolean> update(Project project, Agent agent);

    /**
     * Adds a token and has those before it end after {@code overlap} by the store's clock, or earlier where an earlier
     * rotation said so. It holds on every node once the future completes; when the future fails the new token may be
     * valid, and the old ones as long as they were, so that a caller may ask again.
     *
     * @param overlap 0 for no overlap: the others are dead at once
     * @return when the last of the others ends; empty when there is no such agent
     * @throws dev.ganglion.protocol.GanglionException (in the future) {@code conflict} when {@value #MAX_TOKENS} tokens
     *     are valid and none of them is to end now
     */
    Future<Optional<Instant>> rotate(Project project, String agentId, String tokenHash, Duration overlap);

    /** Forgets the agent, its tokens and its slots; false when there was none. Its events stay. */
    Future<Boolean> delete(Project project, String agentId);

    /** Whose token has this hash. */
    Future<Optional<TokenOwner>> byTokenHash(String tokenHash);
}
