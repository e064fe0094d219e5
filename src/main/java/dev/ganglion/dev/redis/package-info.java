/** A Redis server as a child process of the development cluster. */
@NullMarked
package dev.ganglion.dev.redis;

import org.jspecify.annotations.NullMarked;
