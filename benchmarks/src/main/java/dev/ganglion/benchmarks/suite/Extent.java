package dev.ganglion.benchmarks.suite;

import java.time.Duration;
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
 * @param projection the scenarios of projections
 */
record Extent(
        IngestRuns ingest,
        int samplerRounds,
        int recorded,
        int connects,
        IdleRun idle,
        int commands,
        MixedRun mixed,
        ProjectionRuns projection) {
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

    /**
     * The extent of the scenarios of projections.
     *
     * @param rounds rounds with and without projecting
     * @param seconds measured time of each load
     * @param backlog number of events that are projected from behind; three for each task
     * @param limitSeconds longest time in which a backlog is projected, or a projection catches up
     * @param requests number of requests for each combination of a list's filters
     */
    record ProjectionRuns(int rounds, double seconds, long backlog, int limitSeconds, int requests) {
        Duration limit() {
            return Duration.ofSeconds(limitSeconds);
        }
    }

    /** Minutes after which a run skips all rounds of projections but the first. */
    static final double LAST_PROJECTION = 12;

    /** Minutes after which a run skips all rounds of the ceilings but the first. */
    static final double LAST_CEILING = 21;

    /** Minutes after which a run skips all rounds with two nodes but the first. */
    static final double LAST_PAIR = 27;

    /** The full extent: less than 30 minutes on two cores. */
    static final Extent FULL = new Extent(
            new IngestRuns(List.of(1, 10, 100, 500), List.of(1, 16, 64, 1000), 2, 5, 3),
            40,
            4_000,
            3_000,
            new IdleRun(15_000, 15),
            1_200,
            new MixedRun(1_000, 30),
            new ProjectionRuns(3, 8, 3_000_000, 30, 40));

    /** A brief run of a few minutes that shows whether a machine is ready. Its figures are not fit to quote. */
    static final Extent BRIEF = new Extent(
            new IngestRuns(List.of(1, 100), List.of(1, 16, 64), 0.5, 1, 1),
            5,
            400,
            200,
            new IdleRun(500, 2),
            30,
            new MixedRun(50, 3),
            new ProjectionRuns(1, 2, 100_000, 10, 5));
}
