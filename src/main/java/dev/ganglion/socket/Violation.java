package dev.ganglion.socket;

/** A limit that the peer of a socket exceeds, or a rule that it breaks. */
public enum Violation {
    /** The first message did not arrive in time. */
    NO_FIRST_MESSAGE,
    /** No message arrived within the idle time-out. */
    IDLE,
    /** The peer does not read its output. */
    SLOW_READER,
    /** The sockets of the node hold too much memory, and this one holds most. */
    OVER_BUDGET,
    /** A message exceeds the size limit. */
    MESSAGE_TOO_LARGE,
    /** A frame is of a type that the socket does not accept, or fits no message. */
    UNEXPECTED_FRAME,
    /** A single frame exceeds the limit of the WebSocket decoder. Vert.x closes the connection next. */
    FRAME_TOO_LARGE,
    /** The bytes received are not valid WebSocket frames. Vert.x closes the connection next. */
    MALFORMED_FRAME
}
