package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.Optional;

/** Authenticates agents by their bearer token, and derives the secret that signs their frames. Thread-safe. */
public final class AgentAuthenticator {
    /** Longest bearer token, in characters. A longer one is rejected without a look-up. */
    public static final int MAX_BEARER_CHARS = 256;

    /**
     * An authenticated agent.
     *
     * @param project project of the agent
     * @param agentId id of the agent
     * @param connectionCap slots that the agent may hold; 0 = no cap
     * @param secret the project's secret, derived from the master secret whose hash matched
     */
    public record Identity(Project project, String agentId, int connectionCap, ProjectSecret secret) {}

    private final AgentStore agents;
    private final MasterSecrets masters;
    private final int defaultCap;

    /**
     * Creates an authenticator.
     *
     * @param defaultCap connection cap if neither the agent nor its project has one; 0 = no cap
     */
    public AgentAuthenticator(AgentStore agents, MasterSecrets masters, int defaultCap) {
        this.agents = agents;
        this.masters = masters;
        this.defaultCap = defaultCap;
    }

    /**
     * Returns the agent that owns this bearer token; empty if the token is unknown. Fails only if the store is
     * unavailable.
     */
    public Future<Optional<Identity>> authenticate(String bearer) {
        if (bearer.isEmpty() || bearer.length() > MAX_BEARER_CHARS) {
            return Future.succeededFuture(Optional.empty());
        }
        return authenticate(bearer, 0);
    }

    private Future<Optional<Identity>> authenticate(String bearer, int index) {
        if (index == masters.count()) {
            return Future.succeededFuture(Optional.empty());
        }
        return agents.byTokenHash(masters.tokenHash(index, bearer))
                .compose(owner -> owner.isPresent()
                        ? Future.succeededFuture(Optional.of(identity(owner.get(), index)))
                        : authenticate(bearer, index + 1));
    }

    private Identity identity(AgentStore.TokenOwner owner, int index) {
        Project project = owner.project();
        Integer own = owner.connectionCap() != null ? owner.connectionCap() : project.connectionCap();
        int cap = own == null ? defaultCap : own;
        byte[] secret = masters.projectSecret(index, project.id());
        return new Identity(project, owner.agentId(), cap, new ProjectSecret(project.id(), index, secret));
    }
}
