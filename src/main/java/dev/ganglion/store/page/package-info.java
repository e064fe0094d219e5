/** Reads pages of lists whose size in bytes is bounded, already when they are read from Redis. */
@NullMarked
package dev.ganglion.store.page;

import org.jspecify.annotations.NullMarked;
