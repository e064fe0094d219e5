/** The operators' page and the socket that tells it of changes. */
@NullMarked
package dev.ganglion.api.dashboard;

import org.jspecify.annotations.NullMarked;
