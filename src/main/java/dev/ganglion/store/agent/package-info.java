/** Stores projects, agents and their tokens. */
@NullMarked
package dev.ganglion.store.agent;

import org.jspecify.annotations.NullMarked;
