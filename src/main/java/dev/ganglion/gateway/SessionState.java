package dev.ganglion.gateway;

import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.Hello;

/**
 * Where a session stands.
 *
 * <pre>
 *   AwaitingHello ──hello──> Opening ──slot claimed──> Online
 *         │                     │                        │
 *         └──────────── any end of it ───────────────> Ended
 * </pre>
 */
sealed interface SessionState {

    /** The socket is there, the agent has not yet said who it is. */
    record AwaitingHello() implements SessionState {
        Opening toOpening(Hello hello) {
            return new Opening(hello);
        }
    }

    /** The slot is being claimed; the socket is not read. */
    record Opening(Hello hello) implements SessionState {
        Online toOnline(FrameVerifier verifier, FrameSigner signer) {
            return new Online(verifier, signer, new PendingAnswers());
        }
    }

    /** Frames flow. */
    record Online(FrameVerifier verifier, FrameSigner signer, PendingAnswers pending) implements SessionState {}

    /** Nothing more is read or written. */
    record Ended(CloseCode code) implements SessionState {}
}
