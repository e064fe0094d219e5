package dev.ganglion.projection.run;

/**
 * A report that a task started.
 *
 * @param process hash of the name of the reporting process, see {@link TextHash}
 * @param micros time of the start by the clock of the process, in microseconds since 1970
 * @param heardMs time when the report was stored, in milliseconds since 1970
 */
public record StartReport(long process, long micros, long heardMs) {}
