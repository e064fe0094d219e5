package dev.ganglion.gateway;

import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.Hello;

/**
 * The state of an agent session.
 *
 * <pre>
 *   AwaitingHello ──hello──> Opening ──slot claimed──> Online
 *         │                     │                        │
 *         └─────────── the session ends ─────────────> Ended
 * </pre>
 */
sealed interface SessionState {

    /** The socket is open, and the hello frame has not arrived. */
    record AwaitingHello() implements SessionState {
        Opening toOpening(Hello hello) {
            return new Opening(hello);
        }
    }

    /** The slot is being claimed. The socket is not read meanwhile. */
    record Opening(Hello hello) implements SessionState {
        Online toOnline(FrameVerifier verifier, FrameSigner signer) {
            return new Online(verifier, signer, new PendingAnswers());
        }
    }

    /** The session exchanges frames. */
    record Online(FrameVerifier verifier, FrameSigner signer, PendingAnswers pending) implements SessionState {}

    /** The session neither reads nor writes. */
    record Ended(CloseCode code) implements SessionState {}
}
