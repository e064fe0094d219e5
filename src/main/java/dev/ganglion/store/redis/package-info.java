/** Connections to Redis, routes to its servers, scripts and the names of keys. */
@NullMarked
package dev.ganglion.store.redis;

import org.jspecify.annotations.NullMarked;
