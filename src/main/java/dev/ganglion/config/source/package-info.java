/** Sources of configuration values, in order of precedence: flags, environment, files. */
@NullMarked
package dev.ganglion.config.source;

import org.jspecify.annotations.NullMarked;
