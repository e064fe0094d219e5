package dev.ganglion.projection.projector;

import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.with;
import static dev.ganglion.projection.projector.ProjectedProject.PLACE;
import static dev.ganglion.projection.projector.ProjectedProject.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.projection.ProjectionTerms;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the projection of one project: its steps, its lease, and what it does when the store fails. */
class ProjectProjectorTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final ProjectedProject project = new ProjectedProject();
    private final List<String> calls = new ArrayList<>();

    /** Records the calls of an engine. */
    private ProjectionEngine recorded(ProjectionEngine engine) {
        Class<?>[] port = {ProjectionEngine.class};
        return (ProjectionEngine) Proxy.newProxyInstance(port[0].getClassLoader(), port, (self, method, arguments) -> {
            calls.add(method.getName());
            try {
                return method.invoke(engine, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private ProjectProjector projector() {
        return project.projector("node", StepLimits.USUAL, 1 << 20, this::recorded);
    }

    private long count(String call) {
        return Collections.frequency(calls, call);
    }

    /** Acquires the lease of a project without new events, and completes the first survey. */
    private ProjectProjector idleProjector() {
        ProjectProjector projector = projector();
        project.poll(projector);
        project.poll(projector);
        calls.clear();
        return projector;
    }

    @Test
    void mergesTheReportsOfATaskFromSeveralShards() {
        project.store(0, with(event("t", "task.sent", 9_000), "queue", "mail"));
        project.store(1, with(event("t", "task.succeeded", 1_000), "worker", "w@1"));
        project.poll(project.projector("node"));

        assertThat(project.tasks()).containsOnlyKeys("t");
        assertThat(project.task("t").getString("queue")).isEqualTo("mail");
        assertThat(project.task("t").getString("state")).isEqualTo("success");
        assertThat(project.store.counts(PLACE)).containsEntry("s:success", 1L).doesNotContainKey("s:pending");
    }

    private static List<JsonObject> some(Random random) {
        List<String> kinds = List.of("task.sent", "task.started", "task.failed", "task.succeeded", "worker.heartbeat");
        List<JsonObject> events = new ArrayList<>();
        for (int n = random.nextInt(12); n > 0; n--) {
            String kind = kinds.get(random.nextInt(kinds.size()));
            JsonObject event = event("t" + random.nextInt(30), kind, random.nextInt(20_000));
            events.add(with(with(event, "worker", "w" + random.nextInt(3)), "queue", "q" + random.nextInt(3)));
        }
        return events;
    }

    private static List<Object> projected(List<List<JsonObject>> batches, StepLimits limits, long memory) {
        ProjectedProject project = new ProjectedProject();
        for (int i = 0; i < batches.size(); i++) {
            project.store(i % ProjectedProject.SHARDS, batches.get(i).toArray(JsonObject[]::new));
        }
        project.poll(project.projector("node", limits, memory, engine -> engine));
        return List.of(project.tasks(), project.store.counts(PLACE), project.store.hours(PLACE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 11, 50})
    void producesTheSameProjectionInStepsOfAnySize(int size) {
        Random random = new Random(size);
        List<List<JsonObject>> batches = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            batches.add(some(random));
        }

        List<Object> whole = projected(batches, StepLimits.USUAL, 1 << 20);
        assertThat(projected(batches, new StepLimits(size, 100, 1 << 20), 0)).isEqualTo(whole);
        assertThat(projected(batches, new StepLimits(100, size, 1 << 20), 2_000))
                .isEqualTo(whole);
        assertThat(projected(batches, new StepLimits(100, 100, size * 500), 1 << 20))
                .isEqualTo(whole);
    }

    @Test
    void continuesWhereAnotherNodeStopped() {
        ProjectProjector first = project.projector("first", new StepLimits(2, 3, 1 << 20), 1 << 20, engine -> engine);
        project.store(0, event("a", "task.sent", 9), event("b", "task.sent", 8), event("c", "task.sent", 7));
        project.poll(first);
        assertThat(first.stop().succeeded()).isTrue();
        project.store(0, event("a", "task.succeeded", 1));
        project.poll(project.projector("second"));

        assertThat(project.tasks()).containsOnlyKeys("a", "b", "c");
        assertThat(project.store.counts(PLACE))
                .containsEntry("k:task.sent", 3L)
                .containsEntry("k:task.succeeded", 1L)
                .containsEntry("s:success", 1L)
                .containsEntry("s:pending", 2L);
    }

    @Test
    void countsAStepOnceIfItsAnswerIsLost() {
        List<Integer> lost = new ArrayList<>();
        ProjectProjector projector = project.projector("node", StepLimits.USUAL, 1 << 20, engine -> {
            ProjectionEngine recorded = recorded(engine);
            Class<?>[] port = {ProjectionEngine.class};
            return (ProjectionEngine)
                    Proxy.newProxyInstance(port[0].getClassLoader(), port, (self, method, arguments) -> {
                        Object answer = method.invoke(recorded, arguments);
                        if (method.getName().equals("apply") && lost.isEmpty() && count("loadTasks") > 0) {
                            lost.add(1);
                            return Future.failedFuture("the connection broke");
                        }
                        return answer;
                    });
        });
        project.store(0, event("t", "task.started", 5));
        project.poll(projector);
        assertThat(lost).hasSize(1);
        assertThat(projector.holdsLease()).isFalse();

        project.advance(TERMS.lease());
        project.poll(projector);
        assertThat(projector.holdsLease()).isTrue();
        assertThat(project.store.counts(PLACE))
                .containsEntry("k:task.started", 1L)
                .doesNotContainKey("duplicates");
    }

    @Test
    void changesNothingOnceAnotherNodeHasTheLease() {
        ProjectProjector frozen = project.projector("frozen");
        project.poll(frozen);
        project.advance(TERMS.lease());
        ProjectProjector other = project.projector("other");
        project.store(1, event("t", "task.started", 5));
        project.poll(other);
        project.poll(frozen);

        assertThat(other.holdsLease()).isTrue();
        assertThat(frozen.holdsLease()).isFalse();
        assertThat(project.store.counts(PLACE)).containsEntry("k:task.started", 1L);
    }

    @Test
    void loadsATaskThatIsNoLongerInMemory() {
        ProjectProjector projector = project.projector("node", StepLimits.USUAL, 0, this::recorded);
        project.store(0, event("t", "task.started", 9));
        project.poll(projector);
        project.store(0, event("t", "task.failed", 5));
        project.poll(projector);

        assertThat(project.task("t").getString("state")).isEqualTo("failure");
        assertThat(project.store.counts(PLACE)).containsEntry("s:failure", 1L).doesNotContainKey("s:started");
    }

    @Test
    void countsTheBytesOfEventsDeletedBeforeTheirProjection() {
        project.store(0, event("a", "task.sent", 9));
        ProjectProjector projector = project.projector("node");
        project.poll(projector);
        StoredBatch deleted = project.store(0, event("b", "task.sent", 8));
        project.events.delete(new ShardRef(PLACE.projectId(), 0), deleted);
        project.store(0, event("c", "task.sent", 7));
        project.poll(projector);

        assertThat(project.tasks()).containsOnlyKeys("a", "c");
        assertThat(project.store.counts(PLACE)).containsEntry("skipped_bytes", deleted.bytes());
        assertThat(project.registry
                        .counter("ganglion.projection.skipped.bytes", "project", "slug")
                        .count())
                .isEqualTo((double) deleted.bytes());
    }

    @Test
    void goesOnBehindABatchThatCannotBeRead() {
        JsonObject broken = event("b", "task.sent", 8);
        broken.put("occurred_at", "yesterday");
        project.store(0, event("a", "task.sent", 9));
        StoredBatch unreadable = project.store(0, broken);
        project.store(0, event("c", "task.sent", 7));
        project.poll(project.projector("node"));

        assertThat(project.tasks()).containsOnlyKeys("a", "c");
        assertThat(project.store.counts(PLACE)).containsEntry("skipped_bytes", unreadable.bytes());
    }

    @Test
    void collectsTheEventsOfAMoment() {
        ProjectProjector projector = idleProjector();
        for (int i = 0; i < 3; i++) {
            project.store(0, event("t" + i, "task.sent", 9));
            project.run(() -> projector.eventsStored(0));
        }
        assertThat(project.tasks()).hasSize(3);
        assertThat(project.pauses)
                .as("the second and the third batch each waited")
                .filteredOn(pause -> pause > 0)
                .hasSize(2)
                .allMatch(pause -> pause <= ProjectProjector.COLLECT_MS + 1);
    }

    @Test
    void exposesItsLagWhileItHoldsTheLease() {
        ProjectProjector projector = idleProjector();
        assertThat(project.registry.find("ganglion.projection.lag.entries").gauges())
                .hasSize(1);
        assertThat(projector.stop().succeeded()).isTrue();
        assertThat(project.registry.find("ganglion.projection.lag.entries").gauges())
                .isEmpty();
    }

    @Test
    void triesToAcquireTheLeaseFourTimesPerLease() {
        ProjectionEngine other = project.store.node("other");
        assertThat(other.acquire(PLACE, Duration.ofDays(1), Duration.ZERO).result())
                .isPresent();
        Duration quarter = TERMS.lease().dividedBy(ProjectorSchedule.ATTEMPTS_PER_LEASE);
        ProjectProjector projector = projector();
        project.poll(projector);
        assertThat(count("acquire")).isEqualTo(1);

        project.advance(quarter.minus(MOMENT));
        project.poll(projector);
        assertThat(count("acquire")).isEqualTo(1);

        project.advance(MOMENT);
        project.poll(projector);
        assertThat(count("acquire")).isEqualTo(2);
        assertThat(projector.holdsLease()).isFalse();

        project.run(projector::leaseFreed);
        assertThat(count("acquire"))
                .as("another node said that it released the lease")
                .isEqualTo(3);
    }

    @Test
    void renewsTheLeaseOfAnIdleProjectAfterAThirdOfItsTime() {
        ProjectProjector projector = idleProjector();
        Duration third = TERMS.lease().dividedBy(ProjectorSchedule.RENEWALS_PER_LEASE);
        project.advance(third.minus(MOMENT));
        project.poll(projector);
        assertThat(count("apply")).isZero();

        project.advance(MOMENT);
        project.poll(projector);
        project.poll(projector);
        assertThat(count("apply")).isEqualTo(1);
    }

    @Test
    void surveysEvery15Seconds() {
        ProjectProjector projector = idleProjector();
        project.advance(ProjectorSchedule.SURVEY_INTERVAL.minus(MOMENT));
        project.poll(projector);
        assertThat(count("survey")).isZero();

        project.advance(MOMENT);
        project.poll(projector);
        assertThat(count("survey")).isEqualTo(1);
        assertThat(count("trim")).isEqualTo(1);
    }

    @Test
    void keepsTheNumberOfTasksThatTheRetentionAllows() {
        ProjectProjector projector = idleProjector();
        long most = TERMS.retention().tasks() * ProjectedProject.SHARDS;
        for (int batch = 0; batch < 3; batch++) {
            List<JsonObject> events = new ArrayList<>();
            for (int i = batch * 1_000; i < Math.min((batch + 1) * 1_000L, most + 1); i++) {
                events.add(event("t" + i, "task.sent", 9));
            }
            project.store(0, events.toArray(JsonObject[]::new));
        }
        project.advance(Duration.ofSeconds(2));
        project.poll(projector);
        assertThat(project.tasks()).hasSize((int) most).doesNotContainKey("t0");
        assertThat(project.store.counts(PLACE)).containsEntry("s:pending", most);
    }

    @Test
    void leavesALeaseAloneThatOthersShouldTake() {
        project.freeFor = LeaseShare.TAKE_DELAY;
        ProjectProjector projector = projector();
        project.poll(projector);
        assertThat(projector.holdsLease()).isFalse();

        project.advance(LeaseShare.TAKE_DELAY);
        project.poll(projector);
        assertThat(projector.holdsLease()).isTrue();

        assertThat(projector.handOver().succeeded()).isTrue();
        project.poll(projector);
        assertThat(projector.holdsLease()).isFalse();
        assertThat(project.store
                        .node("other")
                        .acquire(PLACE, ProjectionTerms.LEASE, Duration.ZERO)
                        .result())
                .isNotEqualTo(Optional.empty());
    }

    @Test
    void takesNoLeaseWhileItMayNot() {
        project.takesLeases = false;
        ProjectProjector projector = projector();
        project.poll(projector);
        assertThat(calls).isEmpty();
    }

    @Test
    void releasesTheLeaseWhenItStops() {
        ProjectProjector projector = idleProjector();
        assertThat(projector.stop().succeeded()).isTrue();
        project.poll(projector);
        assertThat(calls).containsExactly("release");
    }
}
