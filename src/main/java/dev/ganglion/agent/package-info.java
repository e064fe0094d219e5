/** A JVM agent client. */
@NullMarked
package dev.ganglion.agent;

import org.jspecify.annotations.NullMarked;
