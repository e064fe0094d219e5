package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.Json;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the shapes and limits of signed frames: a value at its limit is accepted, a value just over it is rejected.
 */
class FrameLimitsTest {
    private final Peer peer = new Peer();

    private void assertRejected(String type, String payload, String field) {
        Peer other = new Peer();
        AssertRejected.of(
                () -> other.send(type, payload),
                CloseCode.MALFORMED_FRAME,
                field.isEmpty() ? "payload" : "payload." + field);
    }

    private static String text(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }

    private static String list(int count, String entry) {
        return "[" + String.join(",", Collections.nCopies(count, entry)) + "]";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heartbeat",
                "event_batch",
                "registry_delta",
                "agent_status",
                "command_ack",
                "command_result",
                "error",
                "command",
                "event_batch_ack"
            })
    void rejectsAPayloadThatIsNotAnObject(String type) {
        assertRejected(type, "[1]", "");
        assertRejected(type, "null", "");
        assertRejected(type, "\"{}\"", "");
        assertRejected(type, "1", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Heartbeat", "heartbeat ", "teleport", "ping"})
    void rejectsAnUnknownType(String type) {
        AssertRejected.of(() -> peer.send(type, "{}"), CloseCode.UNKNOWN_FRAME_TYPE, "type");
    }

    @Test
    void rejectsAFrameWithoutAValidTypeAndId() {
        String frame = peer.envelope("heartbeat", "{}");

        AssertRejected.of(() -> peer.send(frame.replace("\"heartbeat\"", "null")), CloseCode.MALFORMED_FRAME, "type");
        AssertRejected.of(() -> peer.send(frame.replace("\"heartbeat\"", "5")), CloseCode.MALFORMED_FRAME, "type");
        AssertRejected.of(() -> peer.send(frame.replace("\"f1\"", "null")), CloseCode.MALFORMED_FRAME, "id");
        AssertRejected.of(() -> peer.send(frame.replace("\"f1\"", "\"\"")), CloseCode.MALFORMED_FRAME, "id");
        AssertRejected.of(() -> peer.send(frame.replace("\"f1\"", "1")), CloseCode.MALFORMED_FRAME, "id");
        AssertRejected.of(() -> peer.send(frame.replace("\"f1\"", text(65))), CloseCode.MALFORMED_FRAME, "id");
        assertThat(peer.send(frame.replace("\"f1\"", text(64))).id()).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "hello_ack"})
    void rejectsASecondHandshake(String type) {
        AssertRejected.of(() -> peer.send(type, "{}"), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(
                () -> peer.receive("{\"v\":2,\"type\":\"" + type + "\",\"id\":\"h\",\"payload\":{}}"),
                CloseCode.MALFORMED_FRAME);
    }

    @Test
    void acceptsAHeartbeatWithNoneOrAllOfItsFields() {
        assertThat(peer.send("heartbeat", "{}"))
                .isEqualTo(new Heartbeat("f1", null, null, null, Collections.emptyMap()));
        Heartbeat full = (Heartbeat)
                peer.send(
                        "heartbeat",
                        "{\"buffer_size\":9007199254740991,\"last_flush_at\":\"2026\",\"dropped_events\":0,"
                                + "\"adapter_health\":{\"celery\":\"ok\",\"celery.queue_depths\":\"{\\\"q\\\":1}\"},\"telemetry_loss\":null}");
        assertThat(full.bufferSize()).isEqualTo(9007199254740991L);
        assertThat(full.adapterHealth())
                .containsEntry("celery.queue_depths", "{\"q\":1}")
                .hasSize(2);
        assertThat(peer.send("heartbeat", "{\"buffer_size\":null,\"adapter_health\":null}"))
                .isInstanceOf(Heartbeat.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "buffer_size -1",
                "buffer_size 1.5",
                "buffer_size \"1\"",
                "buffer_size 9007199254740992",
                "dropped_events -1",
                "last_flush_at 5",
                "adapter_health []",
                "adapter_health.a {\"a\":1}",
                "adapter_health.a {\"a\":null}"
            })
    void rejectsAHeartbeatFieldOfTheWrongType(String field, String value) {
        assertRejected("heartbeat", "{\"" + field.replaceFirst("\\..*", "") + "\":" + value + "}", field);
    }

    @Test
    void acceptsUpTo10000EntriesPerListOfARegistryDelta() {
        for (String key : new String[] {"added", "updated"}) {
            String entry = "{\"name\":\"t\"}";
            RegistryDelta most = (RegistryDelta)
                    peer.send("registry_delta", "{\"engine\":\"celery\",\"" + key + "\":" + list(10_000, entry) + "}");
            assertThat(most.added().size() + most.updated().size()).isEqualTo(10_000);
            assertRejected(
                    "registry_delta", "{\"engine\":\"celery\",\"" + key + "\":" + list(10_001, entry) + "}", key);
        }
        RegistryDelta most = (RegistryDelta)
                peer.send("registry_delta", "{\"engine\":\"celery\",\"removed\":" + list(10_000, "\"t\"") + "}");
        assertThat(most.removed()).hasSize(10_000);
        assertRejected(
                "registry_delta", "{\"engine\":\"celery\",\"removed\":" + list(10_001, "\"t\"") + "}", "removed");
    }

    @Test
    void skipsAndCountsRegistryEntriesWithoutAValidName() {
        String entries = "[{},{\"name\":null},{\"name\":5},{\"name\":\"\"},{\"name\":" + text(501)
                + "},{\"z\":[1, 2],\"name\":\"a\\u00e9\"},{\"name\":" + text(500) + "}]";
        RegistryDelta delta = (RegistryDelta) peer.send(
                "registry_delta",
                "{\"engine\":\"celery\",\"added\":" + entries + ",\"removed\":[\"x\"],\"updated\":null}");

        assertThat(delta.skipped()).isEqualTo(5);
        assertThat(delta.added()).hasSize(2);
        assertThat(delta.added().get(0).text()).isEqualTo("{\"name\":\"aé\",\"z\":[1,2]}");
        assertThat(RegistryDelta.name(delta.added().get(0))).isEqualTo("aé");
        assertThat(delta.removed()).containsExactly("x");
        assertThat(delta.updated()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "engine null",
                "engine 5",
                "added {}",
                "added [1]",
                "added [[]]",
                "updated [\"a\"]",
                "removed [1]",
                "removed {}"
            })
    void rejectsARegistryDeltaFieldOfTheWrongType(String field, String value) {
        assertRejected("registry_delta", "{\"engine\":\"celery\",\"" + field + "\":" + value + "}", field);
    }

    @ParameterizedTest
    @CsvSource({
        "registry_delta, engine, 40, {}",
        "error, code, 80, {}",
        "error, message, 8192, {}",
        "command_ack, command_id, 64, {}",
        "command_result, error, 8192, {}",
        "event_batch_ack, acked_id, 64, {}",
        "command, action, 80, {}",
        "command, verb, 80, {}",
        "command, issued_by, 64, {}"
    })
    void rejectsTextsOverTheirLengthLimit(String type, String key, int limit) {
        String rest =
                "{\"engine\":\"c\",\"code\":\"c\",\"message\":\"m\",\"status\":\"failed\",\"action\":\"a\",\"received\":1,\"accepted\":1,\"rejected\":0,\"acked_id\":\"x\",\""
                        + key + "\":";

        assertThat(peer.send(type, rest + text(limit) + "}")).isNotNull();
        assertThat(peer.send(type, rest + "\"" + "é".repeat(limit) + "\"}")).isNotNull();
        assertRejected(type, rest + text(limit + 1) + "}", key);
        assertRejected(type, rest + "5}", key);
    }

    @Test
    void cutsTheErrorOfADocumentedResultToItsLimits() {
        String start = "{\"command_id\":\"c1\",\"ok\":false,\"error\":{\"code\":" + text(80) + ",\"message\":";

        CommandResult result = (CommandResult) peer.send("command_result", start + text(8192) + "}}");

        assertThat(result.errorMessage()).hasSize(8192);
        CommandResult cut =
                (CommandResult) peer.send("command_result", start.replace(text(80), text(2000)) + text(20_000) + "}}");
        assertThat(cut.errorCode()).hasSize(80).endsWith("…[cut: 51 of 2000 characters]");
        assertThat(cut.errorMessage()).hasSize(8192).endsWith("…[cut: 8160 of 20000 characters]");
        assertRejected("command_result", "{\"command_id\":\"c1\",\"ok\":false,\"error\":\"gone\"}", "error");
        assertRejected("command_result", "{\"command_id\":" + text(65) + ",\"ok\":true}", "command_id");
        assertRejected("command_result", "{\"ok\":true}", "command_id");
        assertRejected("command_result", "{\"command_id\":\"c1\",\"ok\":1}", "ok");
    }

    @Test
    void readsACommandResultInBothDialects() {
        assertThat(peer.send("command_result", "{\"command_id\":\"c1\",\"ok\":true,\"result\":{\"n\": 1}}"))
                .isEqualTo(new CommandResult("f1", "c1", true, Json.parse("{\"n\":1}"), null, null));
        assertThat(peer.send(
                        "command_result",
                        "{\"command_id\":\"c1\",\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"gone\"}}"))
                .isEqualTo(new CommandResult("f2", "c1", false, Json.NULL, "not_found", "gone"));
        assertThat(peer.send("command_result", "{\"status\":\"success\",\"result\":5,\"error\":null}"))
                .isEqualTo(new CommandResult("f3", "f3", true, Json.parse("5"), null, null));
        assertThat(peer.send("command_result", "{\"status\":\"failed\",\"result\":null,\"error\":\"no such task\"}"))
                .isEqualTo(new CommandResult("f4", "f4", false, Json.NULL, null, "no such task"));
        assertThat(peer.send("command_result", "{\"command_id\":\"c1\",\"status\":\"success\"}"))
                .isEqualTo(new CommandResult("f5", "c1", true, Json.NULL, null, null));
        assertRejected("command_result", "{\"status\":\"done\"}", "status");
        assertRejected("command_result", "{}", "status");
    }

    @Test
    void readsACommandAckInBothDialects() {
        assertThat(((CommandAck) peer.send("command_ack", "{}")).commandIdOrFrameId())
                .isEqualTo("f1");
        assertThat(((CommandAck) peer.send("command_ack", "{\"command_id\":\"c1\"}")).commandIdOrFrameId())
                .isEqualTo("c1");
    }

    @Test
    void readsAnAgentStatusUnchanged() {
        assertThat(peer.send("agent_status", "{\"buffer_depth\": 1, \"b\": [1, {\"z\": 1, \"a\": 2}]}"))
                .isEqualTo(new AgentStatus("f1", Json.parse("{\"buffer_depth\":1,\"b\":[1,{\"a\":2,\"z\":1}]}")));
    }

    @Test
    void anErrorIsFatalOnlyIfFatalIsTrue() {
        assertThat(peer.send("error", "{\"code\":\"x\",\"message\":\"y\"}"))
                .isEqualTo(new ErrorFrame("f1", "x", "y", false));
        assertThat(peer.send("error", "{\"code\":\"x\",\"message\":\"y\",\"fatal\":true}"))
                .isEqualTo(new ErrorFrame("f2", "x", "y", true));
        assertRejected("error", "{\"code\":\"x\",\"message\":\"y\",\"fatal\":\"true\"}", "fatal");
        assertRejected("error", "{\"message\":\"y\"}", "code");
        assertRejected("error", "{\"code\":\"x\"}", "message");
    }

    @Test
    void readsACommandInBothDialects() {
        Command page = (Command)
                peer.send("command", "{\"command_id\":\"f1\",\"verb\":\"cancel_task\",\"args\":{\"task_id\":\"t\"}}");
        assertThat(page.action()).isEqualTo("cancel_task");
        assertThat(page.timeoutSeconds()).isEqualTo(60);
        Command library = (Command)
                peer.send(
                        "command",
                        "{\"action\":\"cancel_task\",\"target\":{\"type\":\"task\"},\"parameters\":{\"task_id\":\"t\"},\"timeout_seconds\":3600,\"issued_by\":null}");
        assertThat(library.verb()).isEqualTo("cancel_task");
        assertThat(library.args()).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(library.timeoutSeconds()).isEqualTo(3600);
        assertRejected("command", "{}", "verb");
        assertRejected("command", "{\"action\":\"a\",\"timeout_seconds\":3601}", "timeout_seconds");
        assertRejected("command", "{\"action\":\"a\",\"timeout_seconds\":0}", "timeout_seconds");
        assertRejected("command", "{\"action\":\"a\",\"target\":[]}", "target");
    }

    @Test
    void rejectsABatchAckWithMissingOrNegativeCounts() {
        String good = "{\"acked_id\":\"b\",\"received\":2,\"accepted\":1,\"rejected\":1}";

        assertThat(peer.send("event_batch_ack", good)).isEqualTo(new EventBatchAck("f1", "b", 2, 1, 1));
        for (String key : new String[] {"received", "accepted", "rejected"}) {
            assertRejected("event_batch_ack", good.replace("\"" + key + "\"", "\"x\""), key);
            assertRejected("event_batch_ack", good.replaceFirst("\"" + key + "\":", "\"" + key + "\":-"), key);
        }
    }

    @Test
    void acceptsUpTo5000EventsInABatch() {
        String event = "{\"engine\":\"c\",\"kind\":\"k\",\"occurred_at\":\"2026-11-22T12:00:00Z\"}";

        EventBatch most = (EventBatch) peer.send("event_batch", "{\"events\":" + list(5000, event) + "}");

        assertThat(most.events().size()).isEqualTo(5000);
        assertRejected("event_batch", "{\"events\":" + list(5001, event) + "}", "events");
        assertRejected("event_batch", "{\"events\":" + list(5001, "1") + "}", "events");
        assertRejected("event_batch", "{\"events\":{}}", "events");
        assertRejected("event_batch", "{\"events\":null}", "events");
        assertRejected("event_batch", "{}", "events");
    }

    @ParameterizedTest
    @EnumSource
    void findsEveryFrameTypeByItsWireName(FrameType type) {
        assertThat(FrameType.of(type.wireName())).isEqualTo(type);
        assertThat(FrameType.of(type.wireName() + "s")).isNull();
    }
}
