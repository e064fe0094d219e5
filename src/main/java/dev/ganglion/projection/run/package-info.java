/** Derives a task's runs and state from the set of its reports. */
@NullMarked
package dev.ganglion.projection.run;

import org.jspecify.annotations.NullMarked;
