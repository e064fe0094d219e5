/** Checks that the kind of server and the number of its replicas are as configured. */
@NullMarked
package dev.ganglion.store.check;

import org.jspecify.annotations.NullMarked;
