/** Checks that Redis still is the same store, and keeps its promises. */
@NullMarked
package dev.ganglion.store.guard;

import org.jspecify.annotations.NullMarked;
