package dev.ganglion.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.Peer;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.event.EventReader;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks that each event of a batch is judged on its own: valid events keep their bytes, invalid events are rejected
 * with a reason.
 */
class EventBatchTest {
    private static final String ID = "0d9b2bd6-7bd7-4bd1-9df2-0d3a04d2b0e6";
    private static final String GOOD =
            "{\"id\":\"" + ID + "\",\"engine\":\"celery\",\"task_id\":\"t1\",\"kind\":\"task.sent\","
                    + "\"occurred_at\":\"2026-11-22T12:00:00.5Z\",\"data\":{\"b\": [1.50, \"\\u00e9\"],\"a\":null}}";
    private static final String STORED = "{\"data\":{\"a\":null,\"b\":[1.5,\"é\"]},\"engine\":\"celery\",\"id\":\"" + ID
            + "\",\"kind\":\"task.sent\",\"occurred_at\":\"2026-11-22T12:00:00.5Z\",\"task_id\":\"t1\"}";

    private final Peer peer = new Peer();

    private EventBatch batch(String... events) {
        return (EventBatch) peer.send("event_batch", "{\"events\":[" + String.join(",", events) + "]}");
    }

    private static String with(String key, String value) {
        return GOOD.substring(0, GOOD.length() - 1) + ",\"" + key + "\":" + value + "}";
    }

    @Test
    void storesValidEventsExactlyAsSigned() {
        EventBatch batch = batch(GOOD, GOOD.replace("\"t1\"", "\"t2\""));

        assertThat(batch.rejected()).isEmpty();
        assertThat(batch.received()).isEqualTo(2);
        assertThat(batch.events().array().text())
                .isEqualTo("[" + STORED + "," + STORED.replace("\"t1\"", "\"t2\"") + "]");
    }

    @Test
    void givesAWorkerEventWithoutEngineTheOnlyEngineOfTheSession() {
        Peer single = new Peer("huey");
        String offline = GOOD.replace("celery", "").replace("task.sent", "worker.offline");

        EventBatch batch = (EventBatch) single.send("event_batch", "{\"events\":[" + GOOD + "," + offline + "]}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(batch.events().array().text())
                .isEqualTo("[" + STORED + "," + STORED.replace("celery", "huey").replace("task.sent", "worker.offline")
                        + "]");
        assertThat(batch.tallies())
                .containsExactly(new EventTally("celery", "task.sent", 1), new EventTally("huey", "worker.offline", 1));
    }

    @Test
    void rejectsAnEmptyEngineOfTasksAndOfSessionsWithoutASingleEngine() {
        String offline = GOOD.replace("celery", "").replace("task.sent", "worker.offline");
        Peer single = new Peer("huey");

        assertThat(batch(offline).rejected()).extracting(RejectedEvent::field).containsExactly("engine");
        EventBatch tasks = (EventBatch) single.send("event_batch", "{\"events\":[" + GOOD.replace("celery", "") + "]}");
        assertThat(tasks.rejected()).extracting(RejectedEvent::field).containsExactly("engine");
    }

    @Test
    void acceptsAnEmptyBatch() {
        assertThat(batch()).isEqualTo(new EventBatch("f1", EventArray.EMPTY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "id 5",
                "id \"\"",
                "id \"nope\"",
                "id \"0d9b2bd6-7bd7-4bd1-9df2-0d3a04d2b0e\"",
                "id \"0d9b2bd6-7bd7-4bd1-9df2-0d3a04d2b0e66\"",
                "id \"0d9b2bd67bd7-4bd1-9df2-0d3a04d2b0e6-\"",
                "id \"gd9b2bd6-7bd7-4bd1-9df2-0d3a04d2b0e6\"",
                "id {}",
                "engine null",
                "engine \"\"",
                "engine 5",
                "kind null",
                "kind \"\"",
                "kind 7",
                "task_id 5",
                "task_id []",
                "occurred_at null",
                "occurred_at \"yesterday\"",
                "occurred_at \"2026-11-22T12:00:00\"",
                "occurred_at 1795608000",
                "data [1]",
                "data \"{}\"",
                "data 5"
            })
    void rejectsAnInvalidEventAndNamesTheField(String field, String value) {
        EventBatch batch = batch(GOOD, with(field, value), GOOD);

        assertThat(batch.events().array().text()).isEqualTo("[" + STORED + "," + STORED + "]");
        assertThat(batch.received()).isEqualTo(3);
        RejectedEvent rejected = batch.rejected().get(0);
        assertThat(rejected.index()).isEqualTo(1);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(rejected.reason()).startsWith(field).contains("must");
        assertThat(rejected.event()).isEqualTo(Json.parse(with(field, value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "kind", "occurred_at"})
    void rejectsAnEventWithoutARequiredField(String field) {
        assertThat(batch(GOOD.replace("\"" + field + "\"", "\"x\"")).rejected())
                .singleElement()
                .extracting(RejectedEvent::field)
                .isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "null", "\"x\"", "[]", "[{}]", "true"})
    void rejectsAnEventThatIsNotAnObject(String event) {
        EventBatch batch = batch(event, GOOD, event);

        assertThat(batch.events().size()).isEqualTo(1);
        assertThat(batch.rejected()).extracting(RejectedEvent::index).containsExactly(0, 2);
        assertThat(batch.rejected()).extracting(RejectedEvent::field).containsOnly("event");
        assertThat(batch.rejected()).extracting(RejectedEvent::event).containsOnly(Json.parse(event));
    }

    @Test
    void rejectsTextsOverTheirLengthLimit() {
        String engine = "\"" + "é".repeat(40) + "\"";
        String task = "\"" + "😀".repeat(200) + "\"";

        assertThat(batch(with("engine", engine), with("task_id", task)).rejected())
                .isEmpty();
        assertThat(batch(with("engine", "\"" + "e".repeat(41) + "\""), with("task_id", "\"" + "t".repeat(201) + "\""))
                        .rejected())
                .extracting(RejectedEvent::field)
                .containsExactly("engine", "task_id");
    }

    @Test
    void keepsAnUnknownKind() {
        assertThat(batch(with("kind", "\"task.teleported\"")).events().reader()).satisfies(reader -> {
            assertThat(reader.next()).isTrue();
            assertThat(reader.kind()).isEqualTo("task.teleported");
        });
    }

    @Test
    void acceptsAnAbsentOrNullTaskIdAndData() {
        EventBatch batch = batch(
                with("task_id", "null"),
                with("data", "null"),
                GOOD.replace("\"task_id\"", "\"x\"").replace("\"data\"", "\"y\""));

        assertThat(batch.rejected()).isEmpty();
        EventReader reader = batch.events().reader();
        assertThat(reader.next()).isTrue();
        assertThat(reader.taskId()).isNull();
        assertThat(reader.next()).isTrue();
        assertThat(reader.data()).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(reader.next()).isTrue();
        assertThat(reader.taskId()).isNull();
        assertThat(reader.data()).isEqualTo(Json.EMPTY_OBJECT);
    }

    @Test
    void generatesAMissingIdAndKeepsTheOrderOfEvents() {
        EventBatch batch = batch(GOOD.replace("\"id\":\"" + ID + "\",", ""), with("id", "null"), GOOD);

        assertThat(batch.rejected()).isEmpty();
        EventReader reader = batch.events().reader();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.index()).isEqualTo(i);
            assertThat(UUID.fromString(reader.id()).toString()).isEqualTo(reader.id());
            assertThat(reader.event().text()).isEqualTo(STORED.replace(ID, reader.id()));
            ids.add(reader.id());
        }
        assertThat(ids).hasSize(3).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d9b2bd67bd74bd19df20d3a04d2b0e6",
                "0D9B2BD67BD74BD19DF20D3A04D2B0E6",
                "0D9B2BD6-7BD7-4BD1-9DF2-0D3A04D2B0E6",
                "0d9b2bd6-7bd7-4bd1-9df2-0D3a04d2b0e6"
            })
    void normalisesOtherFormsOfAUuid(String id) {
        EventBatch batch = batch(GOOD, GOOD.replace(ID, id), GOOD);

        assertThat(batch.events().array().text()).isEqualTo("[" + STORED + "," + STORED + "," + STORED + "]");
    }

    @Test
    void keepsOnlyTheBeginningOfALargeRejectedEvent() {
        String fill = "x".repeat(ProtocolLimits.MAX_REJECTED_EVENT_BYTES - 11);
        String largest = "{\"data\":\"" + fill + "\"}";
        assertThat(largest).hasSize(ProtocolLimits.MAX_REJECTED_EVENT_BYTES);

        EventBatch batch = batch(largest, largest.replace("xx", "xxx"));

        assertThat(batch.rejected().get(0).event()).isEqualTo(Json.parse(largest));
        String cut = batch.rejected().get(1).event().text();
        assertThat(cut)
                .startsWith("\"{\\\"data\\\":\\\"")
                .contains("xxx…[cut: 2048 of ")
                .hasSizeLessThan(ProtocolLimits.MAX_REJECTED_EVENT_BYTES);
    }

    @Test
    void readsStoredEventsOneByOne() {
        EventReader reader = batch(GOOD).events().reader();

        assertThat(reader.next()).isTrue();
        assertThat(reader.id()).isEqualTo(ID);
        assertThat(reader.engine()).isEqualTo("celery");
        assertThat(reader.taskId()).isEqualTo("t1");
        assertThat(reader.kind()).isEqualTo("task.sent");
        assertThat(reader.occurredAt()).isEqualTo("2026-11-22T12:00:00.5Z");
        assertThat(reader.occurredInstant()).hasToString("2026-11-22T12:00:00.500Z");
        assertThat(reader.data()).isEqualTo(Json.parse("{\"a\":null,\"b\":[1.5,\"é\"]}"));
        assertThat(reader.event().text()).isEqualTo(STORED);
        assertThat(reader.next()).isFalse();
        assertThat(EventArray.EMPTY.reader().next()).isFalse();
    }

    @Test
    void readsEventsWithBracketsAndQuotesInTexts() {
        String data = "{\"]}\":\"[{\\\"\\\\\",\"{\":[\"}\",{\"]\":\"\\\"\"}],\"e\":{},\"f\":[]}";
        EventReader reader = batch(with("data", data), GOOD).events().reader();

        assertThat(reader.next()).isTrue();
        assertThat(reader.data()).isEqualTo(Json.parse(data));
        assertThat(reader.next()).isTrue();
        assertThat(reader.event().text()).isEqualTo(STORED);
    }

    @Test
    void eventArraysContainOnlyObjects() {
        Json event = Json.parse(GOOD);

        assertThat(EventArray.of(List.of(event, event)).array().text()).isEqualTo("[" + STORED + "," + STORED + "]");
        assertThat(EventArray.of(List.of())).isEqualTo(EventArray.EMPTY);
        assertThatThrownBy(() -> EventArray.of(List.of(Json.NULL))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EventReader(Json.EMPTY_OBJECT)).isInstanceOf(IllegalArgumentException.class);
    }
}
