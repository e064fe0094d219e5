package dev.ganglion.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Checks the batches of tasks: fresh ids, current times in order, and the same bytes on the wire as are signed. */
class TaskFramesTest {
    private final TaskFrames frames = new TaskFrames(10, 1);

    private static String unmasked(Payload payload) {
        byte[] bytes = payload.masked().clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= FrameEncoder.MASK;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<JsonObject> events(Payload payload) {
        JsonArray array = new JsonObject(unmasked(payload)).getJsonArray("events");
        List<JsonObject> events = new ArrayList<>();
        array.forEach(event -> events.add((JsonObject) event));
        return events;
    }

    @Test
    void theSignedBytesAreTheCanonicalFormOfTheSentOnes() {
        for (int frame = 0; frame < 300; frame += 37) {
            Payload payload = frames.next(3, frame);
            String signed = new String(payload.canonical(), StandardCharsets.UTF_8);
            assertThat(new JsonObject(signed)).isEqualTo(new JsonObject(unmasked(payload)));
        }
    }

    @Test
    void everyConnectionHasItsOwnTasksAndNoEventIdRepeats() {
        Set<String> ids = new HashSet<>();
        Set<String> tasks = new HashSet<>();
        for (int frame = 0; frame < 500; frame++) {
            for (int connection : new int[] {0, 1, 300}) {
                events(frames.next(connection, frame)).forEach(event -> {
                    ids.add(event.getString("id"));
                    tasks.add(event.getString("task_id"));
                });
            }
        }
        assertThat(ids).hasSize(500 * 3 * 10);
        assertThat(tasks.size() / 3.0).isBetween(500 * 10 / 3.0, 500 * 10 / 3.0 + 161);
    }

    @Test
    void theEventsOfAConnectionAreInOrderOfTime() {
        List<Instant> times = new ArrayList<>();
        for (int frame = 0; frame < 50; frame++) {
            events(frames.next(0, frame)).forEach(event -> times.add(Instant.parse(event.getString("occurred_at"))));
        }
        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(times.get(0)).isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    void namesTheYoungestTaskWhoseFirstEventIsInTheBatch() {
        List<JsonObject> events = events(frames.next(5, 7));
        String received = events.stream()
                .filter(event -> event.getString("kind").equals("task.received"))
                .reduce((one, other) -> other)
                .orElseThrow()
                .getString("task_id");
        assertThat(frames.newestTask()).isEqualTo(received);

        TaskFrames single = new TaskFrames(1, 1);
        Payload unused = single.next(0, 1);
        assertThat(single.newestTask()).isNull();
    }
}
