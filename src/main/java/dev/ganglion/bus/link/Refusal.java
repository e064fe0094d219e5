package dev.ganglion.bus.link;

import java.util.Locale;

/** Reasons for which a node refuses a connection or a frame at its bus port, with the labels of the metric. */
public enum Refusal {
    /** The TLS handshake failed, for example because of the certificate of another authority. */
    TLS("the TLS handshake failed"),
    /** Too many connections wait for their authentication. */
    TOO_MANY("too many connections wait for authentication"),
    /** The peer did not authenticate in time. */
    TOO_SLOW("the peer did not authenticate in time"),
    /** A frame announced more bytes than are allowed, or none. */
    LENGTH("a frame has a length that is not allowed"),
    /** A frame is not part of the protocol. */
    MALFORMED("a frame does not follow the protocol between nodes"),
    /** No secret of the peer is a secret of this node. */
    WRONG_SECRET("the peer has another master-secret"),
    /** The peer addressed another node. */
    WRONG_NODE("the peer wants to reach another node"),
    /** A frame has a MAC that is not valid. */
    WRONG_MAC("a frame has no valid MAC"),
    /** A frame was repeated, left out, or sent out of order. */
    REPLAY("a frame was repeated, or arrived out of order"),
    /** The message in a frame is unknown or invalid. */
    MESSAGE("a message is unknown or invalid");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** The value of the metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason, for the log. */
    String text() {
        return text;
    }
}
