/** The connection history of agents. */
@NullMarked
package dev.ganglion.journal;

import org.jspecify.annotations.NullMarked;
