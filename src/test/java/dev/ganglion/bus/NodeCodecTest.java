package dev.ganglion.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the wire format of messages between nodes. */
class NodeCodecTest {
    private static final SessionRef SESSION = new SessionRef("p", "slug", 3, "agent", "", "session", "node", null);

    @RegisterExtension
    final QuietLog log = new QuietLog();

    static List<NodeMessage> messages() {
        List<NodeMessage> all = new ArrayList<>(List.of(
                new NodeMessage.AgentRevoked("agent"),
                new NodeMessage.WorkerChanged(new WorkerChange(SESSION, true, "task", 4)),
                new NodeMessage.WorkerChanged(new WorkerChange(SESSION, false, null, 0)),
                new NodeMessage.CommandsWaiting(DeliverCommands.waitingOnly("p", 1, "agent")),
                new NodeMessage.CommandEnded("command"),
                new NodeMessage.Changed(
                        Set.of(new ChangeNotice("p", ChangeNotice.Topic.AGENT), ChangeNotice.ofCluster())),
                new NodeMessage.Pulse(new NodeStatistics(
                        "node", 7, Map.of("shop", 1L), Map.of(), Map.of("shop", 2L), List.of(0L, 1L << 40))),
                new NodeMessage.LoginEnded("login"),
                new NodeMessage.AccessChanged("user"),
                new NodeMessage.PollWakeUp("session"),
                new NodeMessage.ProjectorReport(new ProjectorLoad("node", 3, 1L << 40, 70, true, Set.of("p"))),
                new NodeMessage.Leave()));
        Arrays.stream(CloseCode.values())
                .map(code -> new NodeMessage.EndSession("session", code))
                .forEach(all::add);
        return all;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decodesEveryMessageThatItEncoded(NodeMessage message) {
        JsonObject wire = new JsonObject(NodeCodec.encode(message).toBuffer());

        assertThat(wire.getInteger("v")).isEqualTo(1);
        assertThat(NodeCodec.decode(wire)).contains(message);
        assertThat(NodeCodec.decode(wire.copy().put("later", new JsonObject()))).contains(message);
    }

    @Test
    void testsCoverEveryMessageType() {
        assertThat(messages().stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(NodeMessage.class.getPermittedSubclasses()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"v\":2,\"type\":\"leave\"}", "{\"v\":1}", "{\"v\":1,\"type\":\"dance\"}"})
    void ignoresMessagesOfALaterVersion(String text) {
        assertThat(NodeCodec.decode(new JsonObject(text))).isEmpty();
    }

    @Test
    void skipsTopicsOfALaterVersion() {
        JsonObject wire = NodeCodec.encode(new NodeMessage.Changed(Set.of(ChangeNotice.ofCluster())));
        wire.getJsonArray("changes").add(new JsonArray().add("p").add("moon.changed"));

        assertThat(NodeCodec.decode(wire)).contains(new NodeMessage.Changed(Set.of(ChangeNotice.ofCluster())));
    }

    static List<JsonObject> invalid() {
        List<JsonObject> all = new ArrayList<>(List.of(
                new JsonObject("{\"v\":\"1\",\"type\":\"leave\"}"),
                new JsonObject("{\"v\":1,\"type\":\"end_session\",\"session_id\":\"s\",\"code\":\"BORED\"}")));
        for (NodeMessage message : messages().subList(0, 10)) {
            JsonObject whole = NodeCodec.encode(message);
            whole.fieldNames().stream()
                    .filter(field -> !Set.of("v", "type", "role").contains(field))
                    .forEach(field -> {
                        JsonObject partial = whole.copy();
                        partial.remove(field);
                        all.add(partial);
                        all.add(whole.copy().putNull(field));
                    });
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void rejectsInvalidMessages(JsonObject wire) {
        assertThatThrownBy(() -> NodeCodec.decode(wire)).isInstanceOf(RuntimeException.class);
    }
}
