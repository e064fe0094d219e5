package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.generator.Meter;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Ingest;
import dev.ganglion.benchmarks.load.ServerUnderTest;
import dev.ganglion.benchmarks.load.StoredCheck;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * Sends events of tasks and measures how the projection follows: the events that are projected while others are
 * acknowledged, and the lag.
 *
 * @param load the events per frame, the rate and the times
 * @param settle longest time after the load in which the projection may catch up
 */
public record ProjectionLoad(Ingest load, Duration settle) {
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(25);
    private static final int AGENTS = 64;

    /** Runs the load while the brain projects. */
    public JsonObject run(ServerUnderTest underTest) {
        try (BenchProject project = project(underTest);
                LagWatch lag = new LagWatch(underTest.rest(), project)) {
            return load.run(
                            underTest,
                            project.agents(),
                            StoredCheck.of(underTest, project),
                            new Following(underTest, project, lag))
                    .put("scenario", "projection");
        }
    }

    /** Runs the load while the brain does not project. */
    public JsonObject runWithoutProjection(ServerUnderTest underTest) {
        try (BenchProject project = project(underTest)) {
            // Nothing releases the lease: the brain deletes it with the project and never projects the events.
            HeldLease unused = HeldLease.hold(underTest.redis().orElseThrow(), project);
            Ingest.Observer tasks = new Ingest.Observer() {
                @Override
                public void opened(Fleet fleet) {
                    fleet.taskEventsPerFrame(load.events());
                }
            };
            return load.run(underTest, project.agents(), StoredCheck.of(underTest, project), tasks)
                    .put("scenario", "projection-held");
        }
    }

    private BenchProject project(ServerUnderTest underTest) {
        return BenchProject.of(underTest.rest(), Math.min(load.connections(), AGENTS), 0);
    }

    /** Observes how the projection follows one run. */
    private final class Following implements Ingest.Observer {
        private final ServerUnderTest underTest;
        private final BenchProject project;
        private final LagWatch lag;
        private long before;
        private long began;
        private final JsonObject result = new JsonObject();

        Following(ServerUnderTest underTest, BenchProject project, LagWatch lag) {
            this.underTest = underTest;
            this.project = project;
            this.lag = lag;
        }

        private long projected() {
            return Projected.of(underTest.rest(), project).events();
        }

        @Override
        public void opened(Fleet fleet) {
            fleet.taskEventsPerFrame(load.events());
            fleet.onNewTask(WATCH_INTERVAL, lag::acked);
        }

        @Override
        public void begins() {
            before = projected();
            began = System.nanoTime();
            lag.begin();
        }

        @Override
        public void ends(Meter measured) {
            lag.end();
            double seconds = (System.nanoTime() - began) / 1e9;
            double rate = (projected() - before) / seconds;
            result.put("projected_events_per_s", rate)
                    .put("projected_of_acked", rate * load.seconds() / measured.measuredEvents());
        }

        @Override
        public JsonObject drained(Meter all) {
            long begin = System.nanoTime();
            Projected end = Projected.await(underTest.rest(), project, all.ackedEvents(), settle);
            boolean caughtUp = end.events() == all.ackedEvents();
            result.put("caught_up", caughtUp).put("projected_events", end.events());
            if (caughtUp) {
                result.put("caught_up_after_s", (System.nanoTime() - begin) / 1e9);
            }
            return result.mergeIn(lag.result());
        }
    }
}
