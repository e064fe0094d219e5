/** Event streams and a projection engine in memory. */
@NullMarked
package dev.ganglion.testing.projection;

import org.jspecify.annotations.NullMarked;
