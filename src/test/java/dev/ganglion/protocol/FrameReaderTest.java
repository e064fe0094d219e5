package dev.ganglion.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.protocol.json.Overrides;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which messages are accepted as frames. */
class FrameReaderTest {
    private static final String FRAME = "{\"v\":2,\"type\":\"heartbeat\",\"id\":\"x\",\"payload\":{}}";

    private final FrameReader reader = new FrameReader(1 << 20);

    private void read(String text) {
        reader.read(text.getBytes(UTF_8));
    }

    @Test
    void rejectsAMessageOverTheSizeLimit() {
        FrameReader small = new FrameReader(100);
        String frame = "{\"v\":2,\"x\":\"" + "y".repeat(86) + "\"}";
        assertThat(frame).hasSize(100);

        small.read(frame.getBytes(UTF_8));
        AssertRejected.of(() -> small.read((frame + " ").getBytes(UTF_8)), CloseCode.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "null",
                "\"x\"",
                "NaN",
                "{nope",
                "{}x",
                "{\"v\":2}{",
                "\ufeff{\"v\":2}",
                "[{\"v\":2}]"
            })
    void rejectsAMessageThatIsNotAJsonObject(String text) {
        AssertRejected.of(() -> read(text), CloseCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"v\":null}",
                "{\"v\":\"2\"}",
                "{\"v\":2.0}",
                "{\"v\":2e0}",
                "{\"v\":true}",
                "{\"v\":[2]}",
                "{\"v\":{}}",
                "{\"v\":NaN}",
                "{\"V\":2}"
            })
    void rejectsAVersionThatIsNotAnInteger(String text) {
        AssertRejected.of(() -> read(text), CloseCode.MALFORMED_FRAME, "v");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":1}",
                "{\"v\":3}",
                "{\"v\":0}",
                "{\"v\":-0}",
                "{\"v\":-2}",
                "{\"v\":22222222222222222222222}",
                "{\"v\":2,\"v\":1}"
            })
    void rejectsAnUnsupportedVersion(String text) {
        AssertRejected.of(() -> read(text), CloseCode.UNSUPPORTED_VERSION, "v");
    }

    @Test
    void rejectsInvalidUtf8() {
        byte[] wire = FRAME.getBytes(UTF_8);
        for (int i = 0; i < wire.length; i++) {
            byte[] broken = wire.clone();
            broken[i] = (byte) 0xFF;
            AssertRejected.of(() -> reader.read(broken), CloseCode.MALFORMED_FRAME);
        }
    }

    @Test
    void rejectsATruncatedMessage() {
        byte[] wire = FRAME.getBytes(UTF_8);
        for (int length = 0; length < wire.length; length++) {
            int end = length;
            AssertRejected.of(() -> reader.read(wire, 0, end), CloseCode.MALFORMED_FRAME);
        }
    }

    @Test
    void readsOnlyTheGivenPartOfTheArray() {
        byte[] wire = ("xx" + FRAME + "]]").getBytes(UTF_8);

        reader.read(wire, 2, wire.length - 4);
        Arrays.fill(wire, (byte) 'z');

        assertThat(reader.isType(FrameType.HEARTBEAT)).isTrue();
    }

    @Test
    void readsABufferLikeAnArray() {
        reader.read(Buffer.buffer(FRAME));
        assertThat(reader.isType(FrameType.HEARTBEAT)).isTrue();
        AssertRejected.of(() -> reader.read(Buffer.buffer("[]")), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void aRejectedMessageCannotBeVerified() {
        read(FRAME);
        AssertRejected.of(() -> read("{\"v\":1}"), CloseCode.UNSUPPORTED_VERSION);

        assertThatThrownBy(() -> new Peer().verifier.verify(reader, Peer.NOW))
                .isInstanceOf(IllegalStateException.class);
    }

    /**
     * Earlier messages fill the reader's memory of key sequences. The reader must still read each later message like a
     * first one.
     */
    @Test
    void earlierMessagesDoNotChangeHowLaterOnesAreRead() {
        Random random = new Random(11);
        String[] keys = {
            "a",
            "b",
            "ab",
            "é",
            "a\\u0062",
            "type",
            "x",
            "a-key-of-more-than-sixteen-bytes",
            "another-key-of-more-than-sixteen-bytes"
        };
        for (int i = 0; i < 30_000; i++) {
            String frame = "{\"v\":2,\"payload\":" + object(random, keys, 3, i) + "}";
            read(frame);
            reader.write(Overrides.NONE);

            String read = new String(reader.emitter().out, 0, reader.emitter().end, UTF_8);
            assertThat(read).isEqualTo(Json.parse(frame).text());
        }
    }

    private static String object(Random random, String[] keys, int depth, int round) {
        StringBuilder text = new StringBuilder("{");
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String separator = random.nextInt(8) == 0 ? " " : "";
            String key = random.nextInt(4) == 0 ? "k" + round % 5000 : keys[random.nextInt(keys.length)];
            String value = switch (random.nextInt(depth > 0 ? 6 : 4)) {
                case 0 -> "\"plain\"";
                case 1 -> "\"esc\\u0061ped\\/\"";
                case 2 -> "1.50";
                case 3 -> "[ 1,2 ]";
                default -> object(random, keys, depth - 1, round);
            };
            text.append(i == 0 ? "" : separator + ",")
                    .append(separator)
                    .append('"')
                    .append(key)
                    .append("\":");
            text.append(separator.repeat(random.nextInt(3))).append(value);
        }
        return text.append('}').toString();
    }

    @Test
    void buffersShrinkAgainAfterAnUnusualMessage() {
        read("{\"v\":2,\"x\":[" + "[1, 2],".repeat(100_000) + "0]}");
        reader.write(Overrides.NONE);
        assertThat(reader.tape().bytes.length).isGreaterThan(600_000);
        assertThat(reader.tape().nodes.length).isGreaterThan(100_000);

        for (int i = 0; i < 100; i++) {
            read(FRAME);
            reader.write(Overrides.NONE);
        }

        assertThat(reader.tape().bytes.length).isLessThan(300_000);
        assertThat(reader.tape().nodes.length).isLessThan(100_000);
        assertThat(reader.emitter().out.length).isLessThan(300_000);
    }
}
