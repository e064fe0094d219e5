/** An agent's WebSocket, frame by frame, with every bit under a test's control. */
@NullMarked
package dev.ganglion.testing.wire;

import org.jspecify.annotations.NullMarked;
