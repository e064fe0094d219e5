/** Events: lanes, the journal, projections, and the ports to the store. */
@NullMarked
package dev.ganglion.event;

import org.jspecify.annotations.NullMarked;
