/** Creates the adapters of all storage ports. The subpackages implement them on Redis. */
@NullMarked
package dev.ganglion.store;

import org.jspecify.annotations.NullMarked;
