/** Authenticated connections between the nodes of a cluster, over which {@code bus} sends its messages. */
@NullMarked
package dev.ganglion.bus.link;

import org.jspecify.annotations.NullMarked;
