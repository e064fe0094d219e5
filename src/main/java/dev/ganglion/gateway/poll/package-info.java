/** Long polling, for agents that cannot open a WebSocket. */
@NullMarked
package dev.ganglion.gateway.poll;

import org.jspecify.annotations.NullMarked;
