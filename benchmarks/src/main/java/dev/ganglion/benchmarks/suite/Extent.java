package dev.ganglion.benchmarks.suite;

import java.util.List;

/**
 * The extent of all measurements.
 *
 * @param ingest ingest of events
 * @param samplerRounds rounds of the in-process timings
 * @param recorded number of frames in a recording for the replay to Redis
 * @param connects number of handshakes
 * @param idle idle connections
 * @param commands number of commands on each node
 * @param mixed the mixed scenario
 */
record Extent(
        IngestRuns ingest, int samplerRounds, int recorded, int connects, IdleRun idle, int commands, MixedRun mixed) {
    /**
     * The extent of the ingest measurements.
     *
     * @param events numbers of events per frame; each is combined with each number of connections
     * @param connections numbers of connections
     * @param warmUpSeconds warm-up time of each run
     * @param seconds measured time of each run
     * @param rounds rounds of a brain in turns with its ceilings
     */
    record IngestRuns(
            List<Integer> events, List<Integer> connections, double warmUpSeconds, double seconds, int rounds) {}

    /**
     * The extent of the measurement with idle connections.
     *
     * @param connections number of idle connections
     * @param busySeconds how long a busy agent among the idle connections is measured
     */
    record IdleRun(int connections, double busySeconds) {}

    /**
     * The extent of the mixed scenario.
     *
     * @param agents number of agents
     * @param seconds measured time
     */
    record MixedRun(int agents, double seconds) {}

    /** Minutes after which a run skips all rounds of the ceilings but the first. */
    static final double LAST_CEILING = 16;

    /** Minutes after which a run skips all rounds with two nodes but the first. */
    static final double LAST_PAIR = 22;

    /** The full extent: less than 25 minutes on two cores. */
    static final Extent FULL = new Extent(
            new IngestRuns(List.of(1, 10, 100, 500), List.of(1, 16, 64, 1000), 2, 5, 3),
            40,
            4_000,
            3_000,
            new IdleRun(15_000, 15),
            1_200,
            new MixedRun(1_000, 30));

    /** A brief run of a few minutes that shows whether a machine is ready. Its figures are not fit to quote. */
    static final Extent BRIEF = new Extent(
            new IngestRuns(List.of(1, 100), List.of(1, 16, 64), 0.5, 1, 1),
            5,
            400,
            200,
            new IdleRun(500, 2),
            30,
            new MixedRun(50, 3));
}
