package dev.ganglion.benchmarks.suite;

import java.util.List;

/**
 * How much of everything is measured.
 *
 * @param events per frame, each with each number of connections
 * @param connections at once
 * @param warmUpSeconds of each run
 * @param seconds of each run
 * @param rounds of what is measured in turns with its ceilings
 * @param samplerRounds of the in-process timings
 * @param recorded frames of what is replayed to Redis
 * @param connects handshakes
 * @param idle connections
 * @param busySeconds that the busy agent among them is looked at
 * @param commands on each node
 * @param mixedAgents of the fleet
 * @param mixedSeconds that it lives
 */
record Plan(
        List<Integer> events,
        List<Integer> connections,
        double warmUpSeconds,
        double seconds,
        int rounds,
        int samplerRounds,
        int recorded,
        int connects,
        int idle,
        double busySeconds,
        int commands,
        int mixedAgents,
        double mixedSeconds) {
    /** After so many minutes of a run, the rounds after the first of the ceilings, and of the pair, are left out. */
    static final double LAST_CEILING = 16;

    static final double LAST_PAIR = 22;

    /** All of it, in less than 25 minutes on two cores. */
    static final Plan FULL = new Plan(
            List.of(1, 10, 100, 500),
            List.of(1, 16, 64, 1000),
            2,
            5,
            3,
            40,
            4_000,
            3_000,
            15_000,
            15,
            1_200,
            1_000,
            30);

    /** All of it in short, in some minutes: whether a machine is ready, and nothing to quote. */
    static final Plan BRIEF = new Plan(List.of(1, 100), List.of(1, 16, 64), 0.5, 1, 1, 5, 400, 200, 500, 2, 30, 50, 3);
}
