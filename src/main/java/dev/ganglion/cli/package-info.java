/** The command line. */
@NullMarked
package dev.ganglion.cli;

import org.jspecify.annotations.NullMarked;
