/** Stores commands and answers queries about them. */
@NullMarked
package dev.ganglion.store.command;

import org.jspecify.annotations.NullMarked;
