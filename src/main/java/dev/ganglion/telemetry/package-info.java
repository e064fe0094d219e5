/** Metrics, their names, and the readiness of a node. */
@NullMarked
package dev.ganglion.telemetry;

import org.jspecify.annotations.NullMarked;
