/**
 * The development cluster of the {@code dev} command: home directory, node processes, demo project and simulated
 * agents.
 */
@NullMarked
package dev.ganglion.dev;

import org.jspecify.annotations.NullMarked;
