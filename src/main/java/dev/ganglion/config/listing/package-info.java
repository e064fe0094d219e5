/** Lists a configuration and its reference as text and YAML. */
@NullMarked
package dev.ganglion.config.listing;

import org.jspecify.annotations.NullMarked;
