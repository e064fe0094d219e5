/** Batch ingest, sessions' order, the registry; ports to the store. */
@NullMarked
package dev.ganglion.event;

import org.jspecify.annotations.NullMarked;
