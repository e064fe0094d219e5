package dev.ganglion.projection.lost;

import io.vertx.core.Future;

/** Keeps what agents said about lost tasks. */
public interface ReconciledEnds {
    /** Member of an event's data that says where the event comes from. */
    String SOURCE = "source";
    /** The source of an event that the brain derived from the answer to a {@code reconcile_task} command. */
    String RECONCILE = "reconcile";

    /**
     * Appends the end of a task to the event stream of the agent's shard, as an event of the brain. It is projected like
     * every other event, but every end that a worker reports for the same run precedes it. To keep the answer to the same
     * question again changes nothing.
     */
    Future<Void> keep(ProcessPresence.Place place, TaskQuestions.Question question, ReconciledEnd end);
}
