/** Redis adapters of every port. */
@NullMarked
package dev.ganglion.store;

import org.jspecify.annotations.NullMarked;
