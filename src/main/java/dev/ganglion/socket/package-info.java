/** Guards one WebSocket, of an agent or of a dashboard. */
@NullMarked
package dev.ganglion.socket;

import org.jspecify.annotations.NullMarked;
