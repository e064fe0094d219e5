package dev.ganglion.bus.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.log.WarnLog;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a node acts on messages of nodes with its master secret alone, and that strangers cannot harm it. */
class ForgedMessagesTest {
    private static final String SECRET = "the master secret of all nodes in this test";
    private static final String LEAVE = "{\"v\":1,\"type\":\"leave\"}";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final QuietLog quiet = new QuietLog();

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private LinkedNode node;
    private LinkedNode friend;

    @BeforeEach
    void start() {
        node = LinkedNode.start("node", SECRET);
        friend = LinkedNode.start("friend", SECRET);
        node.sees(friend);
        friend.sees(node);
    }

    @AfterEach
    void nodeStillWorks() {
        try (LinkedNode one = node;
                LinkedNode other = friend) {
            other.tell(one, "hello");
            one.tell(other, "hello back");
            assertThat(one.received()).endsWith("friend hello");
            assertThat(other.received()).endsWith("node hello back");
        }
    }

    private void awaitRefusals(Refusal reason, long count) {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(node.refused(reason))
                        .as("refused: %s", reason)
                        .isEqualTo(count));
    }

    @Test
    void aLeaveInTheWireFormatOfVertxIsIgnored() {
        byte[] address = "node.node".getBytes(StandardCharsets.UTF_8);
        byte[] body = LEAVE.getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer()
                .appendByte((byte) 2) // version
                .appendByte((byte) 13) // codec of a JSON object
                .appendByte((byte) 0) // send, not publish
                .appendInt(address.length)
                .appendBytes(address)
                .appendInt(0)
                .appendInt(1)
                .appendString("x")
                .appendInt(4)
                .appendInt(body.length)
                .appendBytes(body);
        try (RawPeer stranger = new RawPeer(node.port())) {
            stranger.sendFrame(message);
            stranger.awaitEnd();
        }
        awaitRefusals(Refusal.MALFORMED, 1);
        assertThat(node.received()).isEmpty();
    }

    @Test
    void aMessageOfAPeerWithoutTheMasterSecretIsIgnored() {
        try (RawPeer stranger = new RawPeer(node.port())) {
            assertThatThrownBy(() -> stranger.authenticate("friend", "node", "another secret"))
                    .isInstanceOf(RuntimeException.class);
            Seal seal = new Seal(new byte[32]);
            stranger.send(seal.seal(Seal.MESSAGE, Buffer.buffer().appendLong(0).appendString(LEAVE)));
            stranger.awaitEnd();
        }
        awaitRefusals(Refusal.WRONG_SECRET, 1);
        assertThat(node.received()).isEmpty();
    }

    @Test
    void anAlteredMessageIsIgnored() {
        try (RawPeer peer = new RawPeer(node.port())) {
            Seal seal = peer.authenticate("third", "node", SECRET);
            Buffer frame = seal.seal(Seal.MESSAGE, Buffer.buffer().appendLong(0).appendString("harmless"));
            peer.send(frame.setByte(22, (byte) (frame.getByte(22) ^ 1)));
            peer.awaitEnd();
        }
        awaitRefusals(Refusal.WRONG_MAC, 1);
        assertThat(node.received()).isEmpty();
    }

    @Test
    void aMessageThatIsRepeatedOnItsConnectionIsIgnored() {
        try (RawPeer peer = new RawPeer(node.port())) {
            Seal seal = peer.authenticate("third", "node", SECRET);
            Buffer frame = seal.seal(Seal.MESSAGE, Buffer.buffer().appendLong(0).appendString("once"));
            peer.send(frame);
            peer.send(frame);
            peer.awaitEnd();
        }
        awaitRefusals(Refusal.REPLAY, 1);
        assertThat(node.received()).containsExactly("third once");
    }

    @Test
    void anOverheardConnectionThatIsRepeatedIsIgnored() {
        List<Buffer> overheard = new ArrayList<>();
        try (RawPeer peer = new RawPeer(node.port())) {
            byte[] challenge = Handshake.readChallenge(peer.receive()).orElseThrow();
            Handshake.Hello hello =
                    new Handshake.Hello(Buffer.buffer(Handshake.newNonce()), "third", "node", List.of());
            byte[] transcript = Handshake.transcript(challenge, hello);
            overheard.add(Handshake.hello(hello, transcript, LinkedNode.keys(SECRET)));
            peer.sendFrame(overheard.get(0));
            byte[] key = Handshake.readWelcome(peer.receive(), transcript, LinkedNode.keys(SECRET))
                    .orElseThrow();
            Buffer message = Handshake.sealToServer(key, transcript)
                    .seal(Seal.MESSAGE, Buffer.buffer().appendLong(0).appendString("once"));
            overheard.add(message.getBuffer(4, message.length()));
            peer.sendFrame(overheard.get(1));
            Awaitility.await().atMost(LIMIT).until(() -> !node.received().isEmpty());
        }
        try (RawPeer stranger = new RawPeer(node.port());
                RawPeer atAnotherNode = new RawPeer(friend.port())) {
            overheard.forEach(stranger::sendFrame);
            overheard.forEach(atAnotherNode::sendFrame);
            stranger.awaitEnd();
            atAnotherNode.awaitEnd();
        }
        awaitRefusals(Refusal.WRONG_SECRET, 1);
        assertThat(node.received()).containsExactly("third once");
        assertThat(friend.received()).isEmpty();
    }

    @Test
    void aHelloForAnotherNodeIsRefused() {
        try (RawPeer peer = new RawPeer(node.port())) {
            assertThatThrownBy(() -> peer.authenticate("third", "friend", SECRET))
                    .isInstanceOf(RuntimeException.class);
        }
        awaitRefusals(Refusal.WRONG_NODE, 1);
    }

    @Test
    void aFrameThatAnnounces2GiBEndsItsConnectionBeforeAndAfterAuthentication() {
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 1_025}) {
            try (RawPeer stranger = new RawPeer(node.port())) {
                stranger.send(Buffer.buffer().appendInt(length));
                stranger.awaitEnd();
            }
        }
        awaitRefusals(Refusal.LENGTH, 5);
        try (RawPeer peer = new RawPeer(node.port())) {
            Seal unused = peer.authenticate("third", "node", SECRET);
            peer.send(Buffer.buffer().appendInt(Integer.MAX_VALUE));
            peer.awaitEnd();
        }
        awaitRefusals(Refusal.LENGTH, 6);
    }

    @Test
    void connectionsThatDoNotAuthenticateAreFewAndEndAfterFiveSecondsAndKeepNoNodeOut() {
        friend.tell(node, "before");
        node.tell(friend, "before");
        List<RawPeer> silent = new ArrayList<>();
        try {
            for (int i = 0; i < Limits.MAX_UNAUTHENTICATED_PER_ADDRESS + 5; i++) {
                silent.add(new RawPeer(node.port()));
            }
            silent.subList(0, 5).forEach(RawPeer::awaitEnd);
            awaitRefusals(Refusal.TOO_MANY, 5);
            try (LinkedNode third = LinkedNode.start("third", SECRET)) {
                third.sees(node);
                third.tell(node, "not kept out");
            }
            for (int i = 0; i < 6; i++) { // in steps, since a jump would look like a suspended process
                node.advance(Duration.ofSeconds(1));
                long step = System.nanoTime();
                Awaitility.await()
                        .until(() -> System.nanoTime() - step
                                > Duration.ofMillis(250).toNanos());
            }
            silent.forEach(RawPeer::awaitEnd);
            assertThat(node.refused(Refusal.TOO_SLOW)).isPositive();
        } finally {
            silent.forEach(RawPeer::close);
        }
    }

    @Test
    void refusalsAreLoggedOncePerMinute() {
        for (int i = 1; i <= 20; i++) {
            try (RawPeer stranger = new RawPeer(node.port())) {
                stranger.send(Buffer.buffer().appendInt(-1));
                stranger.awaitEnd();
            }
        }
        awaitRefusals(Refusal.LENGTH, 20);
        assertThat(log.texts())
                .filteredOn(text -> text.contains("cluster.bus-port"))
                .hasSize(1)
                .allMatch(text -> text.contains("a length that is not allowed"));
    }
}
