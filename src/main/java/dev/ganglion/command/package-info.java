/** Commands: what operators may ask of agents, their life from issue to outcome, and the port to where they are kept. */
@NullMarked
package dev.ganglion.command;

import org.jspecify.annotations.NullMarked;
