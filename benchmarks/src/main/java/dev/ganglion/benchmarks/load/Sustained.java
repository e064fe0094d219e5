package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import java.time.Duration;

/**
 * Finds the rate that a fleet can sustain with frames of one event: the highest rate of an open loop at which acks keep
 * up. The search goes down in steps of 15 % from the rate of a closed loop. A closed loop reaches more, because frames
 * that wait together cost less.
 *
 * @param agents number of agents, each with one worker
 * @param closed rate of the closed loop, in frames per second
 */
public record Sustained(int agents, double closed) {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final int AT_ONCE = 32;
    private static final double STEP = 0.85;
    private static final double LEAST_PART = 0.1;
    private static final long SETTLE_MILLIS = 8_000;
    private static final long LOOK_MILLIS = 8_000;
    private static final double KEPT_UP = 0.98;
    private static final double MEDIAN_LIMIT_MILLIS = 100;

    /** Returns the rate in frames per second. */
    public double find(ServerUnderTest underTest) {
        try (BenchProject benchProject = BenchProject.of(underTest.rest(), agents, 0);
                Fleet fleet = underTest.fleet()) {
            fleet.eventsPerFrame(1);
            fleet.open(benchProject.agents(), agents, AT_ONCE, OPEN_LIMIT);
            for (double rate = STEP * closed; rate > LEAST_PART * closed; rate *= STEP) {
                if (sustains(fleet, rate)) {
                    return rate;
                }
            }
            throw new IllegalStateException("The brain does not sustain a tenth of " + closed + " frames/s");
        }
    }

    private static boolean sustains(Fleet fleet, double rate) {
        fleet.openLoop(rate, 0);
        Fleet.pause(SETTLE_MILLIS);
        fleet.measure();
        Fleet.pause(LOOK_MILLIS);
        Meter meter = fleet.meter();
        if (!fleet.drain(DRAIN_LIMIT)) {
            throw new IllegalStateException("Frames remain without an ack after " + DRAIN_LIMIT.toSeconds() + " s");
        }
        return meter.measuredFrames() >= KEPT_UP * rate * LOOK_MILLIS / 1e3
                && meter.acks().getValueAtPercentile(50) / 1e3 <= MEDIAN_LIMIT_MILLIS;
    }
}
