/** The development cluster of the <code>dev</code> command: home, node processes, demo project and simulated agents. */
@NullMarked
package dev.ganglion.dev;

import org.jspecify.annotations.NullMarked;
