package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import java.util.ArrayList;
import java.util.List;

/**
 * An ordered list of the sentinels or cluster servers that a route asks for the current masters. All lines share the
 * list. A server that failed moves to the end, so that hanging servers do not use up the time of every attempt.
 * Thread-safe.
 */
final class ServerCandidates {
    private final List<RedisAddress> addresses;

    ServerCandidates(List<RedisAddress> addresses) {
        this.addresses = new ArrayList<>(addresses);
    }

    synchronized List<RedisAddress> inOrder() {
        return List.copyOf(addresses);
    }

    synchronized void failed(RedisAddress address) {
        if (addresses.remove(address)) {
            addresses.add(address);
        }
    }

    /** Moves a server to the front, so that routes ask this server first. */
    synchronized void prefer(RedisAddress address) {
        if (addresses.remove(address)) {
            addresses.add(0, address);
        }
    }

    /**
     * Adds servers that another server named, as long as the list holds fewer than {@code 2 * MAX_SERVERS}. Configured
     * servers stay in the list even if no server names them.
     */
    synchronized void learn(List<RedisAddress> named) {
        for (RedisAddress each : named) {
            if (!addresses.contains(each) && addresses.size() < 2 * RedisUri.MAX_SERVERS) {
                addresses.add(each);
            }
        }
    }
}
