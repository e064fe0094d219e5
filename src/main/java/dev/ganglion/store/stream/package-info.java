/** Reads the event stream of a shard. */
@NullMarked
package dev.ganglion.store.stream;

import org.jspecify.annotations.NullMarked;
