/** Implements every storage port on Redis. */
@NullMarked
package dev.ganglion.store;

import org.jspecify.annotations.NullMarked;
