package dev.ganglion.bus.link;

import dev.ganglion.config.ClusterConfig;
import dev.ganglion.telemetry.Ticker;
import java.util.List;

/**
 * Holds the values that all connections of a node to other nodes share.
 *
 * @param self id of this node
 * @param config addresses and TLS files of this node
 * @param keys keys that prove knowledge of the master secret; the current one has index 0
 * @param ticker measures time-outs
 */
public record LinkTerms(String self, ClusterConfig config, List<byte[]> keys, Ticker ticker) {
    @Override
    public String toString() {
        return "LinkTerms[self=" + self + ", keys=[REDACTED]]";
    }
}
