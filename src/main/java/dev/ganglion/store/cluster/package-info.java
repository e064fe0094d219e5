/** Stores the liveness of nodes and answers which slots are held. */
@NullMarked
package dev.ganglion.store.cluster;

import org.jspecify.annotations.NullMarked;
