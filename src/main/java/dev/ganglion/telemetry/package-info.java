/** Metric names, health checks and log keys. */
@NullMarked
package dev.ganglion.telemetry;

import org.jspecify.annotations.NullMarked;
