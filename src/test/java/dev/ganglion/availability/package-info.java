/** Whole brains under load while a node, a Redis or a replica fails, or is replaced by its backup. */
@NullMarked
package dev.ganglion.availability;

import org.jspecify.annotations.NullMarked;
