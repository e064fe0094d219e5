/** Brains of this version on data that earlier versions wrote. */
@NullMarked
package dev.ganglion.upgrade;

import org.jspecify.annotations.NullMarked;
