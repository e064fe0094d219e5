/** The table of all configuration keys. The parser, the reference and the documentation are made from it. */
@NullMarked
package dev.ganglion.config.key;

import org.jspecify.annotations.NullMarked;
