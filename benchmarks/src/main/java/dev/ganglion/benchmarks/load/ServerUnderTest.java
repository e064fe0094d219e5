package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Target;
import dev.ganglion.benchmarks.host.RedisProbe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The server that a scenario runs against, and those of its internals that the benchmark can read.
 *
 * @param target the address that agents connect to
 * @param nodes REST clients of all nodes; the first is the node that agents connect to
 * @param brainPids process ids of the brain's nodes, if they run on this machine
 * @param redisPid process id of Redis, if it runs on this machine
 * @param redis a client of the brain's Redis, if the benchmark may query it
 */
public record ServerUnderTest(
        Target target, List<Rest> nodes, List<Long> brainPids, OptionalLong redisPid, Optional<RedisProbe> redis) {
    /** REST client of the node that agents connect to. */
    public Rest rest() {
        return nodes.get(0);
    }

    /** Creates a load generator for this server, with one event loop for every two processors. */
    public Fleet fleet() {
        return new Fleet(target, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
}
