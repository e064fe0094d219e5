package dev.ganglion.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that the names which the agents of a project choose do not remove the metrics of other projects. */
class ProjectSeriesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProjectionMetrics metrics = new ProjectionMetrics(registry);
    private final ProjectionMetrics.Project crowded = metrics.project("crowded", "crowded/0");
    private final ProjectionMetrics.Project quiet = metrics.project("quiet", "quiet/0");

    private static Map<String, Long> depths(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "celery|queue-" + i)
                .collect(Collectors.toMap(Function.identity(), queue -> 2L));
    }

    private @Nullable Gauge depth(String project, String queue) {
        return registry.find("z4j.queue.depth")
                .tags("project", project, "queue", queue)
                .gauge();
    }

    private int depthSeries(String project) {
        return registry.find("z4j.queue.depth").tag("project", project).gauges().size();
    }

    @Test
    void queueNamesOfOneProjectLeaveTheGaugesOfOtherProjects() {
        crowded.lag(0, 0);
        crowded.engines(depths(3_000), Map.of("celery", 1));

        quiet.lag(5_000, 7);
        quiet.engines(Map.of("rq|mail", 4L), Map.of("rq", 3));

        assertThat(depth("quiet", "mail"))
                .isNotNull()
                .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(4));
        for (String name : new String[] {"z4j.workers.online", "ganglion.projection.lag.entries"}) {
            assertThat(registry.find(name).tag("project", "quiet").gauge())
                    .as(name)
                    .isNotNull();
            assertThat(registry.find(name).tag("project", "crowded").gauge())
                    .as(name)
                    .isNotNull();
        }
    }

    @Test
    void furtherQueuesOfAProjectAreSummedUpInOneSeries() {
        int further = 50;
        crowded.lag(0, 0);
        crowded.engines(depths(BrainMetrics.MAX_PROJECT_SERIES + further), Map.of());

        assertThat(depthSeries("crowded")).isEqualTo(BrainMetrics.MAX_PROJECT_SERIES + 1);
        assertThat(depth("crowded", "__overflow__"))
                .isNotNull()
                .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(2 * further));
    }

    @Test
    void aFurtherQueueThatTwoShardsKnowCountsOnce() {
        ProjectionMetrics.Project second = metrics.project("crowded", "crowded/1");
        crowded.lag(0, 0);
        second.lag(0, 0);
        crowded.engines(depths(BrainMetrics.MAX_PROJECT_SERIES), Map.of());
        assertThat(depth("crowded", "__overflow__")).isNull();

        crowded.engines(depths(BrainMetrics.MAX_PROJECT_SERIES + 1), Map.of());
        second.engines(depths(BrainMetrics.MAX_PROJECT_SERIES + 1), Map.of());

        assertThat(depth("crowded", "__overflow__"))
                .isNotNull()
                .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(2));
    }

    @Test
    void queuesThatEndMakeRoomForNewOnes() {
        crowded.lag(0, 0);
        crowded.engines(depths(3_000), Map.of());

        crowded.engines(Map.of("celery|new", 9L), Map.of());

        assertThat(depthSeries("crowded")).isEqualTo(1);
        assertThat(depth("crowded", "new")).isNotNull();
    }

    @Test
    void anAgentCannotNameItsQueueLikeTheOverflow() {
        crowded.lag(0, 0);
        crowded.engines(Map.of("__overflow__|__overflow__", 5L, "celery|mail", 1L), Map.of());
        crowded.engines(Map.of("celery|mail", 1L), Map.of());

        assertThat(depthSeries("crowded")).isEqualTo(1);
    }

    @Test
    void enginesOfOneProjectLeaveTheCountersOfOtherProjects() {
        BrainMetrics brain = new BrainMetrics(registry);
        for (int i = 0; i < 3_000; i++) {
            brain.eventsIngested("crowded", "engine-" + i, "task.sent", 1);
            brain.batchRepeated("crowded", "agent-" + i);
            crowded.ended("engine-" + i, "success", 1L);
        }

        brain.eventsIngested("quiet", "celery", "task.sent", 1);
        brain.batchRepeated("quiet", "agent");
        quiet.ended("celery", "success", 1L);

        for (String name : new String[] {"z4j.events.ingested", "ganglion.batches.repeated", "z4j.task.duration"}) {
            assertThat(registry.find(name).tag("project", "crowded").meters())
                    .as(name)
                    .hasSize(BrainMetrics.MAX_PROJECT_SERIES + 1);
        }
        assertThat(registry.find("z4j.events.ingested")
                        .tags("project", "quiet", "engine", "celery")
                        .counter())
                .isNotNull();
        assertThat(registry.find("ganglion.batches.repeated")
                        .tags("project", "quiet", "agent", "agent")
                        .counter())
                .isNotNull();
        assertThat(registry.find("z4j.task.duration")
                        .tags("project", "quiet", "engine", "celery")
                        .timer())
                .isNotNull();
    }
}
