/** REST, OpenAPI and management routes. */
@NullMarked
package dev.ganglion.api;

import org.jspecify.annotations.NullMarked;
