package dev.ganglion.bus.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.link.Handshake.Hello;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests what the proofs of two nodes cover, and the bounds of a hello. */
class HandshakeTest {
    private static final byte[] CHALLENGE = Handshake.newNonce();
    private static final Buffer NONCE = Buffer.buffer(Handshake.newNonce());
    private static final List<byte[]> KEYS = LinkedNode.keys("secret");

    private static Hello sent(String from, String to, List<byte[]> keys) {
        Hello hello = new Hello(NONCE, from, to, List.of());
        return Handshake.readHello(Handshake.hello(hello, Handshake.transcript(CHALLENGE, hello), keys))
                .orElseThrow();
    }

    private static boolean proves(byte[] challenge, Hello hello, List<byte[]> keys) {
        return Handshake.common(hello, Handshake.transcript(challenge, hello), keys)
                .isPresent();
    }

    @Test
    void aProofCoversBothNumbersAndBothIds() {
        Hello hello = sent("a", "b", KEYS);
        assertThat(proves(CHALLENGE, hello, KEYS)).isTrue();

        assertThat(proves(Handshake.newNonce(), hello, KEYS)).isFalse();
        Buffer other = Buffer.buffer(Handshake.newNonce());
        assertThat(proves(CHALLENGE, new Hello(other, "a", "b", hello.proofs()), KEYS))
                .isFalse();
        assertThat(proves(CHALLENGE, new Hello(NONCE, "x", "b", hello.proofs()), KEYS))
                .isFalse();
        assertThat(proves(CHALLENGE, new Hello(NONCE, "a", "x", hello.proofs()), KEYS))
                .isFalse();
    }

    @Test
    void aHelloProvesAtMostNineKeys() {
        List<byte[]> keys = LinkedNode.keys(IntStream.rangeClosed(1, Handshake.MAX_KEYS + 1)
                .mapToObj(i -> "secret " + i)
                .toArray(String[]::new));
        Hello hello = sent("a", "b", keys);

        assertThat(proves(CHALLENGE, hello, List.of(keys.get(Handshake.MAX_KEYS - 1))))
                .isTrue();
        assertThat(proves(CHALLENGE, hello, List.of(keys.get(Handshake.MAX_KEYS))))
                .isFalse();
    }

    @Test
    void theIdOfANodeHasAtMost128Bytes() {
        Hello longest = new Hello(NONCE, "a".repeat(128), "b".repeat(128), List.of());
        assertThat(Handshake.readHello(Handshake.hello(longest, CHALLENGE, KEYS)))
                .isPresent();
        Hello from = new Hello(NONCE, "a".repeat(129), "b", List.of());
        Hello to = new Hello(NONCE, "a", "b".repeat(129), List.of());
        assertThat(Handshake.readHello(Handshake.hello(from, CHALLENGE, KEYS))).isEmpty();
        assertThat(Handshake.readHello(Handshake.hello(to, CHALLENGE, KEYS))).isEmpty();
    }
}
