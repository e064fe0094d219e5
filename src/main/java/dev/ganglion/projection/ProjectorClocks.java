package dev.ganglion.projection;

import dev.ganglion.telemetry.Ticker;
import java.time.Clock;

/**
 * The clocks that the projectors read.
 *
 * @param clock wall time, which decides what the retention deletes
 * @param ticker monotonic time, which decides when leases are renewed and projects are surveyed
 */
public record ProjectorClocks(Clock clock, Ticker ticker) {}
