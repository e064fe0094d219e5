/** The REST interface, its OpenAPI document, the management endpoints, and the dashboard. */
@NullMarked
package dev.ganglion.api;

import org.jspecify.annotations.NullMarked;
