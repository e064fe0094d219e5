/** Lanes: the ordered frames of agents, group commit, outcomes and command delivery. */
@NullMarked
package dev.ganglion.lane;

import org.jspecify.annotations.NullMarked;
