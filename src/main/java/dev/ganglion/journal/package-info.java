/** The connection history of agents, their live sessions, and the check for sessions that lost their slots. */
@NullMarked
package dev.ganglion.journal;

import org.jspecify.annotations.NullMarked;
