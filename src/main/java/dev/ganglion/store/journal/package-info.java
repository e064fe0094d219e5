/** Stores the connection history of agents. */
@NullMarked
package dev.ganglion.store.journal;

import org.jspecify.annotations.NullMarked;
