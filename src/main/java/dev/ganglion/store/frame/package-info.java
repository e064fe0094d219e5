/** Stores the frames of agents: ingest, sessions and command delivery. */
@NullMarked
package dev.ganglion.store.frame;

import org.jspecify.annotations.NullMarked;
