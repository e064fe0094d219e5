/** The REST interface: its router, the operations of the cluster, and the endpoints for orchestrators and scrapers. */
@NullMarked
package dev.ganglion.api;

import org.jspecify.annotations.NullMarked;
