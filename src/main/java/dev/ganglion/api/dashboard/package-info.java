/** Serves the page, and the sockets over which the brain notifies the page of changes. */
@NullMarked
package dev.ganglion.api.dashboard;

import org.jspecify.annotations.NullMarked;
