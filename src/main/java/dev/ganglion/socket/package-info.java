/** Guards one WebSocket, of an agent or of a dashboard. The only package that uses the internals of Netty and Vert.x. */
@NullMarked
package dev.ganglion.socket;

import org.jspecify.annotations.NullMarked;
