package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.telemetry.ProjectionMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells metrics, log and viewers what the stored steps of a project changed. Used on one context. */
final class StepReports {
    private static final Logger LOG = LoggerFactory.getLogger(StepReports.class);

    private final Place place;
    private final ProjectionMetrics.Project metrics;
    private final TurnHost host;
    private boolean skipping;

    StepReports(Place place, ProjectionMetrics.Project metrics, TurnHost host) {
        this.place = place;
        this.metrics = metrics;
        this.host = host;
    }

    /** Reports a step that was stored. Logs only the first of consecutive steps that skipped events. */
    void report(ProjectionStep step) {
        boolean begins = step.skipped() > 0 && !skipping;
        skipping = step.skipped() > 0;
        metrics.skipped(step.skipped());
        if (begins) {
            LOG.atWarn()
                    .addKeyValue("project", place.projectSlug())
                    .addKeyValue("bytes", step.skipped())
                    .log("The retention deleted events before they were projected; tasks and counters lack them");
        }
        for (ProjectionStep.Ended end : step.ended()) {
            metrics.ended(end.engine(), end.state().label(), end.runtimeMs() < 0 ? null : (Long) end.runtimeMs());
        }
        if (step.hasChangedTasks()) {
            host.tasksChanged(place.projectId());
        }
    }
}
