/** The two sides of a command: the operator who issues it and the agent that executes it. */
@NullMarked
package dev.ganglion.testing.command;

import org.jspecify.annotations.NullMarked;
