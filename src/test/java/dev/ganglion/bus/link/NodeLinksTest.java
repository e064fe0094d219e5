package dev.ganglion.bus.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.log.WarnLog;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.network.Ports;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that nodes exchange messages, and that a node which cannot names the other node and the cause. */
class NodeLinksTest {
    private static final String OLD = "the master secret before the rotation";
    private static final String NEW = "the master secret after the rotation";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    final QuietLog quiet = new QuietLog();

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private static void meet(LinkedNode one, LinkedNode other) {
        one.sees(other);
        other.sees(one);
    }

    private static void assertExchange(LinkedNode one, LinkedNode other) {
        one.links().settled().await();
        other.links().settled().await();
        one.tell(other, "there");
        other.tell(one, "and back");
        assertThat(one.links().unreachable()).isEmpty();
        assertThat(other.links().unreachable()).isEmpty();
    }

    private static void assertUnreachable(LinkedNode node, String other, String cause) {
        node.links().settled().await();
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(node.links().unreachable())
                        .hasEntrySatisfying(other, text -> assertThat(text).contains(cause)));
    }

    @Test
    void nodesWithTheSameSecretExchangeMessages() {
        try (LinkedNode one = LinkedNode.start("one", NEW);
                LinkedNode other = LinkedNode.start("other", NEW)) {
            meet(one, other);
            assertExchange(one, other);
            assertThat(other.received()).containsExactly("one there");
            one.tell(other, "x".repeat(3_000_000));
            assertThatThrownBy(() -> one.tell(other, "x".repeat(Limits.MAX_FRAME)))
                    .hasMessageContaining("larger than");
            one.tell(other, "still there");
        }
    }

    @Test
    void everyStepOfARotationOfTheMasterSecretKeepsNodesConnected() {
        String[][][] steps = {
            {{OLD}, {OLD, NEW}}, {{OLD, NEW}, {OLD, NEW}}, {{OLD, NEW}, {NEW, OLD}}, {{NEW, OLD}, {NEW}}
        };
        for (String[][] step : steps) {
            try (LinkedNode one = LinkedNode.start("one", step[0]);
                    LinkedNode other = LinkedNode.start("other", step[1])) {
                meet(one, other);
                assertExchange(one, other);
            }
        }
    }

    @Test
    void nodesWithDifferentSecretsNameTheSecretAndExchangeNothing() {
        try (LinkedNode one = LinkedNode.start("one", NEW);
                LinkedNode other = LinkedNode.start("other", OLD)) {
            meet(one, other);
            assertUnreachable(one, "other", "another master-secret");
            assertUnreachable(other, "one", "another master-secret");
            assertThatThrownBy(() -> one.tell(other, "hello")).hasMessageContaining("another master-secret");
            assertThat(other.received()).isEmpty();
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(log.texts())
                            .filteredOn(text -> text.contains("cannot exchange messages"))
                            .as("one line per outage and node")
                            .hasSize(2)
                            .allMatch(text ->
                                    text.contains("master-secret") && !text.contains(OLD) && !text.contains(NEW)));
        }
    }

    @Test
    void aNodeWithACertificateOfAnotherAuthorityIsNamedOnBothSides(@TempDir Path directory) {
        Certificates ours = Certificates.make(directory, "ours");
        Certificates theirs = Certificates.make(directory, "theirs");
        Certificates foreign = new Certificates(theirs.cert(), theirs.key(), ours.authority());
        try (LinkedNode one = LinkedNode.withTls("one", ours, NEW);
                LinkedNode other = LinkedNode.withTls("other", ours, NEW);
                LinkedNode stranger = LinkedNode.withTls("stranger", foreign, NEW)) {
            meet(one, other);
            meet(one, stranger);
            assertUnreachable(one, "stranger", "this node rejects its certificate (bad_certificate");
            assertUnreachable(stranger, "one", "it rejects the certificate of this node");
            one.tell(other, "hello");
            assertThat(one.links().unreachable()).containsOnlyKeys("stranger");
        }
    }

    @Test
    void aNodeWithoutTlsIsNamedOnBothSides(@TempDir Path directory) {
        Certificates ours = Certificates.make(directory, "ours");
        try (LinkedNode one = LinkedNode.withTls("one", ours, NEW);
                LinkedNode other = LinkedNode.start("other", NEW)) {
            meet(one, other);
            assertUnreachable(one, "other", "cluster.tls.*");
            assertUnreachable(other, "one", "cluster.tls.*");
        }
    }

    @Test
    void aNodeThatRefusesConnectionsIsNamed() {
        try (LinkedNode one = LinkedNode.start("one", NEW)) {
            one.sees("gone", Ports.free());
            assertUnreachable(one, "gone", "refuses the connection");
        }
    }

    @Test
    void aNodeThatDoesNotConnectBackIsNamed() {
        try (LinkedNode one = LinkedNode.start("one", NEW);
                LinkedNode other = LinkedNode.start("other", NEW)) {
            one.sees(other);
            one.tell(other, "hello");
            assertUnreachable(one, "other", "does not reach this node at 127.0.0.1:" + one.port());
        }
    }

    @Test
    void aMessageWaitsForTheConnectionAndFailsInTimeWithoutIt() {
        try (LinkedNode one = LinkedNode.start("one", NEW)) {
            assertThatThrownBy(() ->
                            one.links().request("nobody", Buffer.buffer("x")).await())
                    .hasMessageContaining("not in the cluster");
            one.sees("gone", Ports.free());
            assertThatThrownBy(() ->
                            one.links().request("gone", Buffer.buffer("x")).await())
                    .hasMessageContaining("refuses the connection");
        }
    }

    @Test
    void aNodeReconnectsToANodeThatStartedAgain() {
        try (LinkedNode one = LinkedNode.start("one", NEW)) {
            LinkedNode first = LinkedNode.start("other", NEW);
            meet(one, first);
            assertExchange(one, first);
            first.close();
            assertUnreachable(one, "other", "refuses the connection");
            try (LinkedNode second = LinkedNode.start("other", NEW)) {
                meet(one, second);
                Awaitility.await()
                        .atMost(LIMIT)
                        .until(() -> one.links().unreachable().isEmpty());
                assertExchange(one, second);
            }
        }
    }

    @Test
    void keepsAtMost10000UnansweredMessages() {
        try (LinkedNode one = LinkedNode.start("one", NEW)) {
            one.sees("gone", Ports.free());
            for (int i = 1; i < Limits.MAX_UNANSWERED; i++) {
                var unused = one.links().request("gone", Buffer.buffer("x"));
            }
            Future<Void> last = one.links().request("gone", Buffer.buffer("x"));
            Future<Void> further = one.links().request("gone", Buffer.buffer("x"));
            assertThatThrownBy(further::await).hasMessageContaining("has not answered the last 10000 messages");
            assertThatThrownBy(last::await).hasMessageContaining("refuses the connection");
        }
    }

    @Test
    void keepsAtMost16MebibytesOfUnansweredMessages() {
        int largest = Limits.MAX_FRAME - Seal.OVERHEAD_BYTES - Long.BYTES;
        int rest = (int) (Limits.MAX_UNANSWERED_BYTES - 4L * largest);
        try (LinkedNode one = LinkedNode.start("one", NEW)) {
            one.sees("gone", Ports.free());
            for (int i = 0; i < 4; i++) {
                var unused = one.links().request("gone", Buffer.buffer(new byte[largest]));
            }
            Future<Void> over = one.links().request("gone", Buffer.buffer(new byte[rest + 1]));
            Future<Void> exact = one.links().request("gone", Buffer.buffer(new byte[rest]));
            assertThatThrownBy(over::await).hasMessageContaining("has not answered the last 4 messages");
            assertThatThrownBy(exact::await).hasMessageContaining("refuses the connection");
        }
    }

    @Test
    void sendsTheLargestMessageAndNoneThatIsOneByteLarger() {
        int largest = Limits.MAX_FRAME - Seal.OVERHEAD_BYTES - Long.BYTES;
        try (LinkedNode one = LinkedNode.start("one", NEW);
                LinkedNode other = LinkedNode.start("other", NEW)) {
            meet(one, other);
            one.tell(other, "x".repeat(largest));
            assertThatThrownBy(() -> one.tell(other, "x".repeat(largest + 1))).hasMessageContaining("larger than");
        }
    }
}
