package dev.ganglion.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A project, which contains agents, events and roles.
 *
 * @param id UUID
 * @param slug name of the project in addresses, 2 to 63 characters of {@code a-z0-9-}
 * @param name display name
 * @param connectionCap slots that each agent of the project may hold; 0 = no cap, null = the default of the brain
 * @param shards number of shards; fixed at creation
 * @param createdAt time of creation
 */
public record Project(
        String id, String slug, String name, @Nullable Integer connectionCap, int shards, Instant createdAt) {

    /** Returns a copy with this name. */
    public Project withName(String changed) {
        return new Project(id, slug, changed, connectionCap, shards, createdAt);
    }

    /** Returns a copy with this connection cap. */
    public Project withConnectionCap(@Nullable Integer changed) {
        return new Project(id, slug, name, changed, shards, createdAt);
    }

    /** The shard of an agent, from 0. */
    public int shardOf(String agentId) {
        return Math.floorMod(agentId.hashCode(), shards);
    }
}
