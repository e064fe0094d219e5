/** Stores projections and answers queries about them. */
@NullMarked
package dev.ganglion.store.projection;

import org.jspecify.annotations.NullMarked;
