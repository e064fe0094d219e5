package dev.ganglion.protocol.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.AssertRejected;
import dev.ganglion.protocol.Peer;
import dev.ganglion.protocol.UnsignedFrames;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the optional and the required fields of a hello, and how invalid hellos are rejected. */
class HelloTest {
    private static final String PAYLOAD =
            "\"protocol_version\":\"2\",\"agent_version\":\"1.6.7\",\"framework\":\"bare\",\"engines\":[\"celery\"],"
                    + "\"schedulers\":[],\"capabilities\":{\"celery\":[\"retry_task\"]},\"host\":{\"name\":\"h\"}";

    private static Hello hello(String payload) {
        return Peer.hello(wire(payload));
    }

    private static String wire(String payload) {
        return "{\"v\":2,\"type\":\"hello\",\"id\":\"h1\",\"ts\":null,\"payload\":{" + payload + "}}";
    }

    private static Hello with(String key, String value) {
        return hello(PAYLOAD + ",\"" + key + "\":" + value);
    }

    @Test
    void readsEveryField() {
        Hello hello = hello(
                PAYLOAD
                        + ",\"worker_id\":\"w1\",\"worker_role\":\"task\",\"worker_pid\":77,\"worker_started_at\":\"2026-11-22T12:00:00\",\"new\":1");

        assertThat(hello)
                .isEqualTo(new Hello(
                        "h1",
                        "2",
                        "1.6.7",
                        "bare",
                        new Hello.Features(List.of("celery"), List.of(), Map.of("celery", List.of("retry_task"))),
                        Json.parse("{\"name\":\"h\"}"),
                        new Hello.WorkerProcess("w1", "task", 77, Instant.parse("2026-11-22T12:00:00Z"))));
    }

    @Test
    void treatsAbsentNullAndEmptyWorkerFieldsAlike() {
        Hello plain = hello(PAYLOAD);

        assertThat(plain.worker().id()).isNull();
        assertThat(plain.worker().pid()).isNull();
        for (String key : List.of("worker_id", "worker_role", "worker_pid", "worker_started_at")) {
            assertThat(with(key, "null")).isEqualTo(plain);
        }
        assertThat(with("worker_id", "\"\"")).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"engines", "schedulers", "capabilities", "host"})
    void acceptsAHelloWithoutTheOptionalFields(String key) {
        assertThat(with(key, "null")).isNotNull();
        assertThat(hello(PAYLOAD.replace("\"" + key + "\"", "\"x\""))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol_version", "agent_version", "framework"})
    void rejectsAHelloWithoutARequiredField(String key) {
        AssertRejected.of(() -> with(key, "null"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(
                () -> hello(PAYLOAD.replace("\"" + key + "\"", "\"x\"")),
                CloseCode.MALFORMED_HANDSHAKE,
                "payload." + key);
        AssertRejected.of(() -> with(key, "2"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
    }

    @ParameterizedTest
    @CsvSource({"agent_version, 40", "framework, 40", "worker_id, 128", "worker_role, 32"})
    void rejectsTextsOverTheirLengthLimit(String key, int limit) {
        assertThat(with(key, "\"" + "x".repeat(limit) + "\"")).isNotNull();
        assertThat(with(key, "\"" + "😀".repeat(limit) + "\"")).isNotNull();
        assertThat(with(key, "\"" + "\\ud83d\\ude00".repeat(limit) + "\"")).isNotNull();
        assertThat(with(key, "\"" + "\\n".repeat(limit) + "\"")).isNotNull();

        AssertRejected.of(
                () -> with(key, "\"" + "x".repeat(limit + 1) + "\""), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(
                () -> with(key, "\"" + "😀".repeat(limit + 1) + "\""), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"engines", "schedulers"})
    void rejectsListsOverTheirLengthLimit(String key) {
        assertThat(with(key, "[" + "\"e\",".repeat(63) + "\"e\"]")).isNotNull();

        AssertRejected.of(
                () -> with(key, "[" + "\"e\",".repeat(64) + "\"e\"]"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(() -> with(key, "[1]"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(() -> with(key, "[null]"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(() -> with(key, "\"e\""), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
        AssertRejected.of(() -> with(key, "{}"), CloseCode.MALFORMED_HANDSHAKE, "payload." + key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "capabilities []",
                "capabilities {\"a\":1}",
                "capabilities {\"a\":[1]}",
                "capabilities {\"a\":null}",
                "host []",
                "host \"h\"",
                "worker_id 1",
                "worker_role []",
                "worker_pid -1",
                "worker_pid 2147483648",
                "worker_pid 1.0",
                "worker_pid \"1\"",
                "worker_pid true",
                "worker_started_at 1",
                "worker_started_at \"soon\""
            },
            quoteCharacter = '`')
    void rejectsFieldsOfTheWrongType(String key, String value) {
        AssertRejected.of(() -> with(key, value), CloseCode.MALFORMED_HANDSHAKE);
    }

    @Test
    void acceptsPidsFromZeroToTheLargestInteger() {
        assertThat(with("worker_pid", "2147483647").worker().pid()).isEqualTo(Integer.MAX_VALUE);
        assertThat(with("worker_pid", "0").worker().pid()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "\"3\"", "\"2.0\"", "\"\""})
    void rejectsAnUnsupportedProtocolVersion(String version) {
        AssertRejected.of(() -> with("protocol_version", version), CloseCode.UNSUPPORTED_VERSION);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"id\":\"h1\"; \"id\":\"\"",
                "\"id\":\"h1\"; \"id\":null",
                "\"id\":\"h1\"; \"x\":1",
                "\"id\":\"h1\"; \"id\":7",
                "\"ts\":null; \"ts\":\"soon\"",
                "\"ts\":null; \"ts\":\"2026-11-22T12:00:00\"",
                "\"ts\":null; \"ts\":5",
                "\"payload\"; \"x\""
            },
            delimiter = ';')
    void rejectsAMalformedEnvelope(String from, String to) {
        String wire = wire(PAYLOAD);
        assertThat(wire).contains(from);
        AssertRejected.of(() -> Peer.hello(wire.replace(from, to)), CloseCode.MALFORMED_HANDSHAKE);
    }

    @Test
    void rejectsAFrameIdOfMoreThan64Characters() {
        assertThat(Peer.hello(wire(PAYLOAD).replace("\"h1\"", "\"" + "x".repeat(64) + "\""))
                        .id())
                .hasSize(64);
        AssertRejected.of(
                () -> Peer.hello(wire(PAYLOAD).replace("\"h1\"", "\"" + "x".repeat(65) + "\"")),
                CloseCode.MALFORMED_HANDSHAKE,
                "id");
    }

    @Test
    void acceptsAnyTimestampOrNoneInAHello() {
        assertThat(Peer.hello(wire(PAYLOAD).replace("\"ts\":null", "\"ts\":\"2020-01-01T00:00:00Z\"")))
                .isNotNull();
        assertThat(Peer.hello(wire(PAYLOAD).replace("\"ts\":null,", ""))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"heartbeat\"", "\"hello_ack\"", "\"HELLO\"", "1", "null", "[]"})
    void rejectsAFirstFrameThatIsNotAHello(String type) {
        AssertRejected.of(() -> Peer.hello(wire(PAYLOAD).replace("\"hello\"", type)), CloseCode.HELLO_EXPECTED, "type");
    }

    @Test
    void rejectsAHelloWithoutACanonicalForm() {
        AssertRejected.of(() -> with("x", "NaN"), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void readsBackAHelloThatItWrote() {
        Hello full = hello(
                PAYLOAD
                        + ",\"worker_id\":\"w1\",\"worker_role\":\"task\",\"worker_pid\":77,\"worker_started_at\":\"2026-11-22T12:00:00Z\"");
        for (Hello hello : List.of(full, hello(PAYLOAD))) {
            byte[] wire = UnsignedFrames.hello(hello, Peer.NOW);
            assertThat(Peer.hello(new String(wire, UTF_8))).isEqualTo(hello);
        }
    }

    @Test
    void readsBackAHelloAckThatItWrote() {
        HelloAck ack = new HelloAck("a1", "0.1.0", "agent", "project", "session", 10, 1 << 20);

        byte[] wire = UnsignedFrames.helloAck(ack, Peer.NOW);

        assertThat(UnsignedFrames.readHelloAck(wire)).isEqualTo(ack);
        assertThat(new String(wire, UTF_8))
                .contains("\"protocol_version\":\"2\"", "\"v\":2")
                .doesNotContain("hmac");
        String other = new String(wire, UTF_8).replace("\"2\"", "\"3\"");
        AssertRejected.of(() -> UnsignedFrames.readHelloAck(other.getBytes(UTF_8)), CloseCode.UNSUPPORTED_VERSION);
        AssertRejected.of(
                () -> UnsignedFrames.readHelloAck(wire(PAYLOAD).getBytes(UTF_8)), CloseCode.MALFORMED_HANDSHAKE);
    }
}
