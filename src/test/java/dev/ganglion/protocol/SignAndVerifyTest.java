package dev.ganglion.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.json.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that the verifier accepts every frame that the signer signed, in both dialects and encodings. */
class SignAndVerifyTest {
    private static final int ROUNDS = 400;

    private final Peer peer = new Peer();
    private final FrameSigner signer = new FrameSigner(peer.key, peer.binding);
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);

    private Frame pass(Frame frame, HmacEncoding encoding, Dialect dialect) {
        reader.read(signer.sign(frame, encoding, Peer.NOW, dialect));
        return peer.verifier.verify(reader, Peer.NOW);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HELLO", "HELLO_ACK"})
    void verifiesAndReadsBackEveryFrameThatItSigned(FrameType type) {
        RandomFrames frames = new RandomFrames(type.name().hashCode());
        for (int i = 0; i < ROUNDS; i++) {
            HmacEncoding encoding = i % 3 == 0 ? HmacEncoding.BASE64 : HmacEncoding.HEX;
            Frame frame = frames.next(type);

            assertThat(withoutTallies(pass(frame, encoding, Dialect.DOCUMENTED)))
                    .isEqualTo(frame);
            assertThat(peer.verifier.encoding()).isEqualTo(encoding);
            assertThat(peer.verifier.lastSeq()).isEqualTo(i + 1).isEqualTo(signer.lastSeq());
        }
    }

    /** Removes the tallies, which exist only in a batch that was read. */
    private static Frame withoutTallies(Frame frame) {
        if (frame instanceof EventBatch batch) {
            assertThat(batch.tallies().stream().mapToInt(EventTally::count).sum())
                    .isEqualTo(batch.events().size());
            return new EventBatch(batch.id(), batch.events());
        }
        return frame;
    }

    @Test
    void libraryDialectUsesTheCommandIdAsFrameId() {
        RandomFrames frames = new RandomFrames(5);
        for (int i = 0; i < ROUNDS; i++) {
            CommandAck ack = (CommandAck) frames.next(FrameType.COMMAND_ACK);
            String command = ack.commandIdOrFrameId();
            assertThat(pass(ack, HmacEncoding.HEX, Dialect.LIBRARY)).isEqualTo(new CommandAck(command, null));

            CommandResult result = (CommandResult) frames.next(FrameType.COMMAND_RESULT);
            CommandResult read = (CommandResult) pass(result, HmacEncoding.HEX, Dialect.LIBRARY);
            assertThat(read)
                    .isEqualTo(new CommandResult(
                            result.commandId(),
                            result.commandId(),
                            result.ok(),
                            result.result(),
                            null,
                            result.errorMessage()));
        }
    }

    @Test
    void signsTheSessionIdsWithoutSendingThem() throws IOException {
        byte[] wire = signer.sign(new Heartbeat("h", 1L, null, null, Map.of()), HmacEncoding.BASE64, Peer.NOW);

        JsonNode frame = new ObjectMapper().readTree(wire);
        assertThat(frame.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("v", "type", "id", "ts", "nonce", "seq", "payload", "hmac");
        assertThat(frame.get("hmac").textValue()).hasSize(44).endsWith("=");
        assertThat(frame.get("ts").textValue()).isEqualTo("2026-11-22T12:00:00.000000Z");
        assertThat(new String(wire, UTF_8)).doesNotContain("agent-1", "project-1", "session-1");
    }

    @Test
    void numbersFramesFromOneWithDistinctNonces() throws IOException {
        Set<String> nonces = new HashSet<>();
        for (int session = 0; session < 3; session++) {
            FrameSigner fresh = new FrameSigner(peer.key, peer.binding);
            for (int seq = 1; seq <= 1000; seq++) {
                JsonNode frame =
                        new ObjectMapper().readTree(fresh.sign(new CommandAck("a", "c"), HmacEncoding.HEX, Peer.NOW));
                assertThat(frame.get("seq").longValue()).isEqualTo(seq);
                assertThat(frame.get("hmac").textValue()).matches("[0-9a-f]{64}");
                String nonce = frame.get("nonce").textValue();
                assertThat(nonce).hasSizeBetween(1, ProtocolLimits.MAX_NONCE);
                nonces.add(nonce);
            }
        }
        assertThat(nonces).hasSize(3000);
    }

    @Test
    void aCommandContainsTheFieldsOfBothDialects() throws IOException {
        Command command = new Command(
                "c1",
                "cancel_task",
                Json.parse("{\"task_id\":\"t\"}"),
                "cancel_task",
                Json.parse("{\"type\":\"task\"}"),
                Json.EMPTY_OBJECT,
                60,
                null);

        JsonNode payload = new ObjectMapper()
                .readTree(signer.sign(command, HmacEncoding.HEX, Peer.NOW))
                .get("payload");

        assertThat(payload.get("command_id").textValue()).isEqualTo("c1");
        assertThat(payload.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "command_id", "verb", "args", "action", "target", "parameters", "timeout_seconds");
    }

    @Test
    void aFrameThatCannotBeSignedChangesNoState() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signer.sign(new ErrorFrame("e", "c", "\ud800", true), HmacEncoding.HEX, Peer.NOW));
        HelloAck ack = new HelloAck("a", "1", "a", "p", "s", 10, 1024);
        assertThatIllegalArgumentException().isThrownBy(() -> signer.sign(ack, HmacEncoding.HEX, Peer.NOW));

        assertThat(signer.lastSeq()).isZero();
        ErrorFrame frame = new ErrorFrame("e", "c", "m", true);
        assertThat(pass(frame, HmacEncoding.HEX, Dialect.DOCUMENTED)).isEqualTo(frame);
    }
}
