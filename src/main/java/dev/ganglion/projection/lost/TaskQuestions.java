package dev.ganglion.projection.lost;

import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.Future;

/** Asks an agent's sessions for the state of a task in its engine. */
public interface TaskQuestions {

    /**
     * A question about one task.
     *
     * @param id UUID of the command that carries the question. It is the same for the same question, so that a node that
     *     takes over receives the answer to the question of the node before it
     * @param task the task
     * @param agentId agent to ask
     */
    record Question(String id, SubjectKey task, String agentId) {}

    /** The outcome of a question: an answer, none, or the reason why the question was not put. */
    sealed interface Outcome {}

    /**
     * The agent answered.
     *
     * @param answer its answer, as far as it can be read
     */
    record Answered(ReconcileAnswer answer) implements Outcome {}

    /** The agent did not answer in time, its answer was an error, or the agent does not exist. */
    record Unanswered() implements Outcome {}

    /** The agent has as many open questions as it may have. Ask again later. */
    record Busy() implements Outcome {}

    /**
     * Puts a question, and completes with its outcome within a minute or so. The future fails if the store does not answer.
     */
    Future<Outcome> ask(ProcessPresence.Place place, Question question);
}
