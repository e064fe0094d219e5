/** Checks of the documentation, and the generators of its reference pages. */
@NullMarked
package dev.ganglion.docs;

import org.jspecify.annotations.NullMarked;
