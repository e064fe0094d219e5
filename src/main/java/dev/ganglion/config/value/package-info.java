/** Value types of configuration keys with their parsers. */
@NullMarked
package dev.ganglion.config.value;

import org.jspecify.annotations.NullMarked;
