/**
 * Sources of configuration values: presets, the file, the environment and the command line. A later source overrides an
 * earlier one.
 */
@NullMarked
package dev.ganglion.config.source;

import org.jspecify.annotations.NullMarked;
