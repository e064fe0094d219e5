/** The table of all configuration keys. The parser, the reference file and the documentation are derived from it. */
@NullMarked
package dev.ganglion.config.key;

import org.jspecify.annotations.NullMarked;
