/** Agents that poll, and many agents at once. */
@NullMarked
package dev.ganglion.testing.agent;

import org.jspecify.annotations.NullMarked;
