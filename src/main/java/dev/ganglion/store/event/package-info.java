/** Stores, trims and queries events and rejected events. */
@NullMarked
package dev.ganglion.store.event;

import org.jspecify.annotations.NullMarked;
