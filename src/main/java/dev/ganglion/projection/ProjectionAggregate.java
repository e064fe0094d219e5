package dev.ganglion.projection;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import java.util.Map;
import java.util.Set;

/**
 * Totals that are kept while events are projected, such as roll-ups or failure groups. One instance serves one lease of
 * one project; a new lease gets a new instance, so what an instance keeps in memory is always what the engine stored.
 * Calls of one step come in the order of the methods below, on one context.
 *
 * <p>Totals of tasks and reports must be functions of those alone. They must not depend on the time of a step, or on
 * where one step ends and the next begins.
 */
public interface ProjectionAggregate {
    /** Creates the aggregates of one lease. */
    interface Factory {
        ProjectionAggregate create(ProjectionEngine.Place place);
    }

    /** Notes a task before a step changes it; called once for each task and step, for a new task without reports. */
    void before(SubjectKey key, Task task);

    /** Notes the same task after the step has changed it, to count the difference. */
    void after(SubjectKey key, Task task, long receivedMs);

    /** Notes a reported depth of a queue. */
    void depth(SubjectKey queue, long depth, long receivedMs);

    /**
     * Notes the workers and queues that a survey found, which happens every 15 seconds. The step that follows carries no
     * events.
     *
     * @param nowMs time of the survey, in milliseconds since 1970
     */
    void surveyed(ProjectionEngine.Survey found, long nowMs);

    /**
     * The stored values that the noted changes need and that this aggregate has not loaded yet. Also called once before
     * the first step of a lease.
     */
    Set<BlockField> wanted();

    /** Receives the values that {@link #wanted} named; a value that is missing is not stored. */
    void load(Map<BlockField, byte[]> stored);

    /** Puts the changed values into the changes of the step. */
    void write(ProjectionChanges changes);
}
