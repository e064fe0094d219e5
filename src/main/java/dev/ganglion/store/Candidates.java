package dev.ganglion.store;

import dev.ganglion.config.RedisAddress;
import dev.ganglion.config.RedisUri;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers to be asked for the way, shared by all lines: one that failed goes to the end, so that those that hang do not
 * use up the time of every try.
 */
final class Candidates {
    private final List<RedisAddress> addresses;

    Candidates(List<RedisAddress> addresses) {
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

    /** One to be asked before all others. */
    synchronized void prefer(RedisAddress address) {
        if (addresses.remove(address)) {
            addresses.add(0, address);
        }
    }

    /** Servers that another one named; what is configured stays, also when nobody names it. */
    synchronized void learn(List<RedisAddress> named) {
        for (RedisAddress each : named) {
            if (!addresses.contains(each) && addresses.size() < 2 * RedisUri.MAX_SERVERS) {
                addresses.add(each);
            }
        }
    }
}
