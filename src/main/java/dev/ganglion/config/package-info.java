/** The configuration: its records, loading (defaults, file, environment, command line), validation, and secrets. */
@NullMarked
package dev.ganglion.config;

import org.jspecify.annotations.NullMarked;
