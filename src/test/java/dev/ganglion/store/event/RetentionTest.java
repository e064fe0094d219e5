package dev.ganglion.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.auth.Agent;
import dev.ganglion.auth.Project;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.event.EventQuery;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that the retention trims old events and all their data. */
public class RetentionTest extends StoreTests {
    private static final int LARGE = 3_000;
    private static final int SMALL = 1_000;

    @BeforeEach
    void givenAnOpenSession() {
        store.one(Given.open(session));
    }

    private static StoreFixture keeping(Duration age, long bytes) {
        return StoreFixture.on(
                redis.uri(), new StoreTuning(Duration.ofMinutes(2), age, bytes, 0, StoreTuning.BATCH_MEMORY));
    }

    /** Stores batches of one event each, large and small in turn. Returns their event ids, oldest first. */
    @CanIgnoreReturnValue
    private List<String> batches(int count) {
        List<String> ids = new ArrayList<>();
        List<LaneCall> entries = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ids.add(Given.id());
            entries.add(new LaneCall(Given.sized(session, i, ids.get(i - 1), i % 2 == 0 ? LARGE : SMALL), false, 1));
        }
        store.apply(entries);
        return ids;
    }

    private static List<String> newestFirst(List<String> oldestFirst) {
        List<String> reversed = new ArrayList<>(oldestFirst);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void trimsExactlyTheOldestBatchesBeyondTheByteLimit() {
        List<String> ids = batches(700);
        // The last 51 batches: 25 small ones and 26 large ones.
        try (StoreFixture trimming = keeping(Duration.ofDays(1), 25 * SMALL + 26 * LARGE + SMALL - 1)) {
            assertThat(trimming.await(trimming.events.trim(session.projectId(), 1)))
                    .isEqualTo(649);
            assertThat(trimming.await(trimming.events.trim(session.projectId(), 1)))
                    .isZero();
        }
        assertThat(stored()).isEqualTo(newestFirst(ids.subList(649, 700)));
        assertThat(store.keys(":payload:" + session.sessionId())).hasSize(26);
        assertThat(redis.call("HGET", shard().totals(), "bytes")).isEqualTo(String.valueOf(350 * (SMALL + LARGE)));
    }

    @Test
    void trimsNothingExactlyAtTheByteLimit() {
        batches(10);
        try (StoreFixture trimming = keeping(Duration.ofDays(1), 5 * (SMALL + LARGE))) {
            assertThat(trimming.await(trimming.events.trim(session.projectId(), 1)))
                    .isZero();
        }
        try (StoreFixture trimming = keeping(Duration.ofDays(1), 5 * (SMALL + LARGE) - 1)) {
            assertThat(trimming.await(trimming.events.trim(session.projectId(), 1)))
                    .isEqualTo(1);
        }
        assertThat(stored()).hasSize(9);
    }

    @Test
    void trimsBatchesBeyondTheAgeLimit() {
        Instant now = Instant.now();
        long old = now.minusSeconds(61).toEpochMilli();
        long young = now.minusSeconds(50).toEpochMilli();
        String payloadKey = shard().payload(session.sessionId(), 1, "x");
        String kept = Given.id();
        redis.call("SET", payloadKey, Given.events("x", Given.id()).array().text());
        redis.call("XADD", shard().events(), old + "-0", "a", "a", "c", "10", "s", "10", "k", payloadKey);
        String json = Given.events("x", kept).array().text();
        redis.call("XADD", shard().events(), old + "-7", "a", "a", "c", "20", "s", "10", "e", json);
        redis.call("XADD", shard().events(), young + "-0", "a", "a", "c", "30", "s", "10", "e", json);

        try (StoreFixture trimming = keeping(Duration.ofMinutes(1), 1 << 30)) {
            assertThat(trimming.await(trimming.events.trim(session.projectId(), 1)))
                    .isEqualTo(2);
        }
        assertThat(stored()).containsExactly(kept);
        assertThat(redis.call("EXISTS", payloadKey)).isEqualTo("0");
    }

    @Test
    void pagesContinueWhileEventsAreTrimmed() {
        List<String> ids = batches(120);
        var query = new EventQuery(null, null, Set.of(), null, null, null, 7);
        var page = store.await(store.events.events(session.projectId(), 1, query));
        List<String> read = new ArrayList<>();
        page.items().forEach(item -> read.add(item.text()));
        try (StoreFixture trimming = keeping(Duration.ofDays(1), 20 * (SMALL + LARGE))) {
            var trimmed = trimming.events.trim(session.projectId(), 1);
            while (page.nextCursor() != null) {
                page = store.await(store.events.events(
                        session.projectId(),
                        1,
                        new EventQuery(null, null, Set.of(), null, null, page.nextCursor(), 7)));
                page.items().forEach(item -> read.add(item.text()));
            }
            assertThat(trimming.await(trimmed)).isEqualTo(80);
        }
        // A page omits entries whose payloads were deleted after the page listed them.
        List<String> found =
                read.stream().map(item -> new JsonObject(item).getString("id")).toList();
        List<String> wanted = newestFirst(ids);
        assertThat(found)
                .hasSizeBetween(40, 120)
                .doesNotHaveDuplicates()
                .startsWith(wanted.subList(0, 40).toArray(new String[0]));
        assertThat(wanted).containsSubsequence(found);
    }

    @Test
    void deletesAllKeysOfAProject() {
        Project project = new Project(Given.id(), "p" + Given.id(), "P", null, 3, Instant.EPOCH);
        assertThat(store.await(store.projects.create(project))).isEqualTo(project);
        for (int i = 0; i < 6; i++) {
            connectedAgent(project);
        }
        assertThat(store.keys(project.id())).hasSizeGreaterThan(40);

        for (Agent agent : store.await(store.agents.list(project, null, 100)).items()) {
            assertThat(store.await(store.agents.delete(project, agent.id()))).isTrue();
        }
        store.await(store.projects.delete(project));

        assertThat(store.keys(project.id())).isEmpty();
        assertThat(store.keys(project.slug())).isEmpty();
        assertThat(redis.call("ZSCORE", RedisKeys.PROJECTS, project.id())).isEmpty();
        assertThat(store.keys("ganglion:token:")).isEmpty();
    }

    private void connectedAgent(Project project) {
        String id = Given.id();
        store.await(store.agents.create(project, new Agent(id, project.id(), "a", null, Instant.EPOCH), Given.id()));
        SessionRef opened = new SessionRef(
                project.id(), project.slug(), project.shardOf(id), id, "w", Given.id(), Given.NODE, null);
        store.apply(
                Given.open(opened),
                Given.batch(opened, 1, "small", Given.id()),
                Given.sized(opened, 2, Given.id(), LARGE),
                Given.heartbeat(opened, 3),
                Given.registry(opened, 4, List.of("t"), List.of()));
    }

    @Test
    void deletesAProjectWithMoreBatchesThanOneTrimRemoves() {
        Project project = new Project(session.projectId(), "p" + Given.id(), "P", null, 1, Instant.EPOCH);
        String fill = "for i = 1, 13000 do local k = KEYS[1] .. ':' .. i; redis.call('SET', k, '[]')"
                + " redis.call('XADD', KEYS[2], '*', 'a', 'a', 'c', tostring(i), 's', '1', 'k', k) end";
        redis.call("EVAL", fill, "2", shard().tag() + ":payload", shard().events());
        redis.call("HSET", shard().totals(), "bytes", "13000");

        store.await(store.projects.delete(project));

        assertThat(store.keys(shard().tag() + ":payload")).isEmpty();
        assertThat(redis.call("EXISTS", shard().events(), shard().totals())).isEqualTo("0");
    }

    @Test
    void deletesVeryManyBatchesWithoutAStackOverflow() {
        int batches = 120_000;
        String fill = "for i = 1, " + batches
                + " do redis.call('XADD', KEYS[1], '*', 'a', 'a', 'c', tostring(i), 's', '1'," + " 'e', '[]') end";
        redis.call("EVAL", fill, "1", shard().events());

        assertThat(store.await(store.events.drop(session.projectId(), 1))).isNull();

        assertThat(redis.call("EXISTS", shard().events())).isEqualTo("0");
    }
}
