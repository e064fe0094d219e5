/** Tells why Redis is unavailable from what its client reports. */
@NullMarked
package dev.ganglion.store.fault;

import org.jspecify.annotations.NullMarked;
