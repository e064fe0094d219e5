package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.Optional;

/** Tells from a bearer which agent is calling, and with which secret its frames are signed. Thread-safe. */
public final class AgentAuthenticator {
    /** A bearer of more characters than this is nobody's. */
    public static final int MAX_BEARER_CHARS = 256;

    /**
     * An agent whose token holds.
     *
     * @param project its project
     * @param agentId its id
     * @param connectionCap slots that it may hold; 0 = no cap
     * @param secret the project's secret by the master whose hash matched
     */
    public record Identity(Project project, String agentId, int connectionCap, ProjectSecret secret) {}

    private final AgentStore agents;
    private final MasterSecrets masters;
    private final int defaultCap;

    /** {@code defaultCap} holds where neither agent nor project has one. */
    public AgentAuthenticator(AgentStore agents, MasterSecrets masters, int defaultCap) {
        this.agents = agents;
        this.masters = masters;
        this.defaultCap = defaultCap;
    }

    /** The agent of this bearer; empty when it is nobody's. Fails only when the store does not answer. */
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
