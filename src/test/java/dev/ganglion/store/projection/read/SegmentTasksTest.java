package dev.ganglion.store.projection.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore.Page;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests lists of tasks on a real Redis. */
public class SegmentTasksTest extends StoreTests {
    private static final int ROWS = 8;
    private static final long NOW = SegmentWriter.NOW;
    private static final TaskFilter FAILED = states("failure");

    private String project;
    private SegmentTasks tasks;
    private SegmentWriter writer;

    @BeforeEach
    void givenAReader() {
        project = session.projectId();
        tasks = new SegmentTasks(store.shared, Ticker.system(), 1 << 20);
        writer = new SegmentWriter(store, project, ROWS);
    }

    private static TaskFilter states(String... states) {
        return new TaskFilter(Set.of(states), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), null);
    }

    private static TaskFilter names(String... names) {
        return new TaskFilter(Set.of(), Set.of(names), Set.of(), Set.of(), Set.of(), Set.of(), null);
    }

    private static SubjectKey celery(String id) {
        return new SubjectKey("celery", id);
    }

    private void put(String id, long birthMs, String kind, Object... data) {
        writer.put(celery(id), writer.task("agent", id, kind, data), birthMs);
    }

    private Page list(TaskFilter filter, @Nullable String cursor, int limit) {
        return list(new TaskQuery(filter, null, null, cursor, limit));
    }

    private Page list(TaskQuery query) {
        return store.await(tasks.list(project, query));
    }

    private static List<String> ids(Page page) {
        return page.items().stream().map(item -> item.getString("task_id")).toList();
    }

    /** Follows the cursors; every page that has one is full. */
    private List<String> all(TaskFilter filter, int limit) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Page page = list(filter, cursor, limit);
            ids.addAll(ids(page));
            cursor = page.nextCursor();
            assertThat(cursor == null || page.items().size() == limit)
                    .as("a page with a cursor is full")
                    .isTrue();
            assertThat(page.items().isEmpty()).isEqualTo(ids.isEmpty());
        } while (cursor != null);
        return ids;
    }

    private static List<String> numbered(int from, int downTo) {
        return IntStream.iterate(from, i -> i >= downTo, i -> i - 1)
                .mapToObj(i -> "t" + i)
                .toList();
    }

    @Test
    void aProjectWithoutTasksHasAnEmptyList() {
        assertThat(list(TaskFilter.ALL, null, 10)).isEqualTo(new Page(List.of(), null));
        assertThat(list(FAILED, null, 10)).isEqualTo(new Page(List.of(), null));
        assertThat(list(names("n"), null, 10)).isEqualTo(new Page(List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 20, 21, 500})
    void pagesShowAllTasksOnceNewestFirst(int limit) {
        for (int i = 0; i < 21; i++) {
            put("t" + i, NOW + i, "received");
        }
        writer.flush();
        assertThat(all(TaskFilter.ALL, limit)).isEqualTo(numbered(20, 0));
        assertThat(all(states("received"), limit)).isEqualTo(numbered(20, 0));
    }

    @Test
    void anItemIsTheTaskAsRestShowsIt() {
        put("t", NOW, "failed", "task_name", "app.pay", "queue", "q", "exception", "ValueError: no");
        writer.flush();
        JsonObject item = list(TaskFilter.ALL, null, 1).items().get(0);
        assertThat(item.getString("engine")).isEqualTo("celery");
        assertThat(item.getString("name")).isEqualTo("app.pay");
        assertThat(item.getString("state")).isEqualTo("failure");
    }

    @Test
    void everyFilterIsFollowedAcrossSegments() {
        for (int i = 0; i < 100; i++) {
            String agent = "agent-" + i % 4;
            String id = "t" + i;
            writer.put(
                    new SubjectKey(i % 2 == 0 ? "celery" : "rq", id),
                    writer.task(
                            agent,
                            id,
                            i % 10 == 0 ? "failed" : "succeeded",
                            "task_name",
                            "n" + i % 3,
                            "queue",
                            "q" + i % 5,
                            "worker",
                            "w" + i % 7),
                    NOW + i);
        }
        writer.flush();
        TaskFilter all = TaskFilter.ALL;
        assertThat(all(FAILED, 3)).containsExactly("t90", "t80", "t70", "t60", "t50", "t40", "t30", "t20", "t10", "t0");
        assertThat(all(names("n1"), 7)).hasSize(33).contains("t1", "t97").doesNotContain("t2");
        assertThat(all(names("n1", "n2"), 7)).hasSize(66);
        assertThat(all(new TaskFilter(Set.of(), Set.of(), Set.of("q4"), Set.of(), Set.of(), Set.of(), null), 4))
                .hasSize(20);
        assertThat(all(new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of("w6"), Set.of(), Set.of(), null), 4))
                .hasSize(14);
        assertThat(all(new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of("rq"), Set.of(), null), 4))
                .hasSize(50);
        assertThat(all(new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of("agent-3"), null), 4))
                .hasSize(25);
        assertThat(all(
                        new TaskFilter(
                                Set.of("failure", "success"),
                                Set.of("n0"),
                                Set.of("q0"),
                                Set.of("w1"),
                                Set.of("celery"),
                                Set.of("agent-2"),
                                false),
                        1))
                .isEqualTo(IntStream.range(0, 100)
                        .map(i -> 99 - i)
                        .filter(i -> i % 3 == 0 && i % 5 == 0 && i % 7 == 1 && i % 2 == 0 && i % 4 == 2)
                        .mapToObj(i -> "t" + i)
                        .toList());
        assertThat(all(names("unknown"), 5)).isEmpty();
        assertThat(all(all, 100)).hasSize(100);
    }

    @Test
    void lostTasksCanBeListed() {
        for (int i = 0; i < 20; i++) {
            Task task = writer.task("agent", "t" + i, "started");
            if (i % 9 == 0) {
                task.markLost(NOW, "worker_gone");
            }
            writer.put(celery("t" + i), task, NOW + i);
        }
        writer.flush();
        TaskFilter lost = new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true);
        TaskFilter notLost = new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false);
        assertThat(all(lost, 2)).containsExactly("t18", "t9", "t0");
        assertThat(all(notLost, 5)).hasSize(17).doesNotContain("t9");
    }

    @Test
    void timesLimitTheList() {
        for (int i = 0; i < 30; i++) {
            put("t" + i, NOW + i * 1_000L, "received");
        }
        writer.flush();
        Instant since = Instant.ofEpochMilli(NOW + 5_000);
        Instant until = Instant.ofEpochMilli(NOW + 12_000);
        assertThat(ids(list(new TaskQuery(TaskFilter.ALL, since, until, null, 50))))
                .isEqualTo(numbered(11, 5));
        assertThat(ids(list(new TaskQuery(states("received"), since, until, null, 50))))
                .isEqualTo(numbered(11, 5));
        assertThat(ids(list(new TaskQuery(TaskFilter.ALL, until, since, null, 50))))
                .isEmpty();
        Page page = list(new TaskQuery(TaskFilter.ALL, since, until, null, 7));
        assertThat(page.nextCursor()).as("no task follows within the times").isNull();
    }

    @Test
    void aFilterDecidesByTheRecordWhichMayBeNewerThanTheRow() {
        for (int i = 0; i < 20; i++) {
            put("t" + i, NOW + i, "failed");
        }
        writer.flush();
        // as if a step had changed the task between the two reads of a list
        writer.replaceRecord(celery("t15"), writer.task("agent", "t15", "succeeded"));
        writer.flush();
        assertThat(all(FAILED, 4)).hasSize(19).doesNotContain("t15");
    }

    @Test
    void aListGoesOnBehindSegmentsThatTheRetentionDeletes() {
        for (int i = 0; i < 30; i++) {
            put("t" + i, NOW + i, i % 2 == 0 ? "failed" : "received");
        }
        writer.flush();
        Page first = list(FAILED, null, 2);
        Page plain = list(TaskFilter.ALL, null, 2);
        writer.dropRows(2);
        writer.flush();
        assertThat(ids(list(FAILED, first.nextCursor(), 50)))
                .isEqualTo(List.of("t24", "t14", "t12", "t10", "t8", "t6", "t4", "t2", "t0"));
        assertThat(ids(list(TaskFilter.ALL, plain.nextCursor(), 50)))
                .hasSize(20)
                .contains("t15", "t24")
                .doesNotContain("t16");
        writer.dropOldest();
        assertThat(ids(list(FAILED, first.nextCursor(), 50))).isEqualTo(List.of("t24", "t14", "t12", "t10", "t8"));
    }

    @Test
    void aTaskKeepsItsPlaceWhileItChanges() {
        for (int i = 0; i < 20; i++) {
            put("t" + i, NOW + i, "received");
        }
        writer.flush();
        assertThat(all(FAILED, 5)).isEmpty();
        put("t3", NOW + 3, "failed", "task_name", "new-name");
        writer.flush();
        assertThat(all(FAILED, 5))
                .as("rows that this node keeps are read again")
                .containsExactly("t3");
        assertThat(all(names("new-name"), 5)).containsExactly("t3");
        assertThat(all(TaskFilter.ALL, 6)).isEqualTo(numbered(19, 0));
    }

    @Test
    void aNumberThatWasReusedForAnotherTextFindsTheNewTextOnly() {
        put("t1", NOW, "received", "task_name", "before");
        writer.flush();
        assertThat(all(names("before"), 5)).containsExactly("t1");
        String terms = RedisKeys.Projection.of(project).terms();
        String field = "name:1";
        assertThat(redis.call("HGET", terms, field)).isEqualTo("before");
        redis.call("HSET", terms, field, "after");
        put("t2", NOW, "received", "task_name", "before");
        assertThat(all(names("before"), 5)).isEmpty();
    }

    @Test
    void tasksWhoseNameFoundNoPlaceInTheDictionaryAreFound() {
        for (int i = 0; i < 10; i++) {
            put("t" + i, NOW + i, "received", "task_name", i % 5 == 0 ? "rare" : "n" + i);
        }
        writer.flush();
        // as if the dictionary had been full: the numbers of all names become 65,535
        for (int segment = 0; segment < 2; segment++) {
            String key = RedisKeys.Projection.of(project).columns(segment);
            for (int row = 0; row < (segment == 0 ? 8 : 2); row++) {
                var unused = store.await(store.shared.send(Request.cmd(Command.SETRANGE)
                        .arg(key)
                        .arg(Rows.offset(row) + 24)
                        .arg(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 0})));
            }
        }
        redis.call("DEL", RedisKeys.Projection.of(project).terms());
        assertThat(all(names("rare"), 1)).containsExactly("t5", "t0");
        assertThat(all(names("absent"), 1)).isEmpty();
    }

    @Test
    void aPageEndsAtTwoMebibytes() {
        String large = "x".repeat(2_000);
        for (int i = 0; i < 400; i++) {
            put(
                    "t" + i,
                    NOW + i,
                    "failed",
                    "args",
                    large,
                    "kwargs",
                    large,
                    "exception",
                    large,
                    "traceback",
                    large + large);
        }
        writer.flush();
        Page first = list(TaskFilter.ALL, null, 500);
        assertThat(first.items()).hasSizeBetween(100, 250);
        Page second = list(TaskFilter.ALL, first.nextCursor(), 500);
        assertThat(second.items()).isNotEmpty();
        List<String> shown = new ArrayList<>(ids(first));
        shown.addAll(ids(second));
        assertThat(shown).isEqualTo(numbered(399, 400 - shown.size()));
    }

    @Test
    void aCursorBelongsToItsFilters() {
        for (int i = 0; i < 10; i++) {
            put("t" + i, NOW + i, "failed");
        }
        writer.flush();
        String cursor = Objects.requireNonNull(list(FAILED, null, 2).nextCursor());
        assertThat(refusal(TaskFilter.ALL, cursor))
                .extracting(GanglionException::errorCode)
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refusal(TaskFilter.ALL, cursor)).hasMessageContaining("other filters");
        assertThat(ids(list(new TaskQuery(FAILED, Instant.EPOCH, null, cursor, 2))))
                .containsExactly("t7", "t6");
    }

    @Test
    void aCursorOfVersion01IsRefusedWithTheRemedy() {
        GanglionException refusal = refusal(TaskFilter.ALL, Cursor.encode("t:1732975632000,17"));
        assertThat(refusal.errorCode()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refusal).hasMessageContaining("0.1").hasMessageContaining("without a cursor");
        assertThat(refusal(TaskFilter.ALL, Cursor.encode("r:1:2")).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refusal(TaskFilter.ALL, "?").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private GanglionException refusal(TaskFilter filter, String cursor) {
        List<GanglionException> refusals = new ArrayList<>();
        assertThatThrownBy(() -> list(filter, cursor, 2)).satisfies(thrown -> {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof GanglionException refusal) {
                    refusals.add(refusal);
                }
            }
        });
        return refusals.get(0);
    }

    @Test
    void listsStayRightWhileTasksArriveAndChange() {
        Random random = new Random(14);
        Set<String> failed = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            put("t" + i, NOW + i, "started");
            if (random.nextInt(3) == 0) {
                String id = "t" + random.nextInt(i + 1);
                put(id, NOW, "failed");
                failed.add(id);
            }
            if (i % 20 == 19) {
                writer.flush();
                List<String> shown = all(FAILED, 1 + random.nextInt(30));
                assertThat(shown).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(failed);
                List<Integer> numbers = shown.stream()
                        .map(id -> Integer.valueOf(id.substring(1)))
                        .toList();
                assertThat(numbers).isSortedAccordingTo(Collections.reverseOrder());
            }
        }
    }
}
