package dev.ganglion.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A project: what agents, events and roles belong to.
 *
 * @param id UUID
 * @param slug its name in addresses, 2..63 of {@code a-z0-9-}
 * @param name its name for people
 * @param connectionCap slots that each of its agents may hold; 0 = no cap, null = the brain's default
 * @param shards how many shards its keys are spread over; fixed when it is made
 * @param createdAt when it was made
 */
public record Project(
        String id, String slug, String name, @Nullable Integer connectionCap, int shards, Instant createdAt) {

    /** The shard that an agent belongs to, from 0. */
    public int shardOf(String agentId) {
        return Math.floorMod(agentId.hashCode(), shards);
    }
}
