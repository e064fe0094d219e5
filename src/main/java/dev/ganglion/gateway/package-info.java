/** Connects agents: admission, WebSocket connections, sessions, and long polls. */
@NullMarked
package dev.ganglion.gateway;

import org.jspecify.annotations.NullMarked;
