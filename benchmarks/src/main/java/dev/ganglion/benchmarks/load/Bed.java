package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.host.RedisProbe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a scenario runs on: a server, and as much of its insides as can be seen from here.
 *
 * @param target where agents connect
 * @param nodes REST of every node, the one that agents connect to first
 * @param brainPids the brain's processes, if they are this machine's
 * @param redisPid Redis's process, if it is this machine's
 * @param redis Redis itself, if it may be asked
 */
public record Bed(
        Target target, List<Rest> nodes, List<Long> brainPids, OptionalLong redisPid, Optional<RedisProbe> redis) {
    /** REST of the node that agents connect to. */
    public Rest rest() {
        return nodes.get(0);
    }

    /** A generator for it. */
    public Fleet fleet() {
        return new Fleet(target, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
}
