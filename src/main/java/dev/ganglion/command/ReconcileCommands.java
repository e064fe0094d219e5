package dev.ganglion.command;

import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.ReconcileAnswer;
import dev.ganglion.projection.lost.TaskQuestions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/** Asks agents about lost tasks with {@code reconcile_task} commands that the brain itself issues. */
public final class ReconcileCommands implements TaskQuestions {
    private static final int TIMEOUT_SECONDS = 60;
    /** Longest wait for the end of a command: its time-out, and the sweep that ends it. */
    private static final Duration LIMIT = Duration.ofSeconds(TIMEOUT_SECONDS + 5);

    private final CommandIssuer issuer;
    private final CommandStore store;
    private final CommandWaits waits;

    public ReconcileCommands(CommandIssuer issuer, CommandStore store, CommandWaits waits) {
        this.issuer = issuer;
        this.store = store;
        this.waits = waits;
    }

    @Override
    public Future<Outcome> ask(ProcessPresence.Place project, Question question) {
        CommandStore.Place place =
                new CommandStore.Place(project.projectId(), project.shards(), project.shardOf(question.agentId()));
        JsonObject body = new JsonObject()
                .put("agent_id", question.agentId())
                .put("engine", question.task().engine())
                .put("task_id", question.task().name())
                .put("timeout_seconds", TIMEOUT_SECONDS);
        CommandWaits.Wait end = waits.await(question.id(), LIMIT);
        return issuer.issueOwn(
                        place,
                        question.id(),
                        Verb.RECONCILE_TASK,
                        body,
                        question.task().engine())
                .compose(issued -> switch (issued) {
                    case STORED -> outcome(place, question, end);
                    case BUSY -> Future.succeededFuture((Outcome) new Busy());
                    case GONE -> Future.succeededFuture((Outcome) new Unanswered());
                })
                .onComplete(done -> end.cancel());
    }

    /** Looks the command up once before it waits: an earlier projector may have issued it, and it may have ended. */
    private Future<Outcome> outcome(CommandStore.Place place, Question question, CommandWaits.Wait end) {
        return find(place, question)
                .compose(now -> now.isPresent() && now.get().state().isFinal()
                        ? Future.succeededFuture(now)
                        : end.done().compose(over -> find(place, question)))
                .map(found -> found.flatMap(ReconcileCommands::answer)
                        .<Outcome>map(Answered::new)
                        .orElseGet(Unanswered::new));
    }

    private Future<Optional<CommandTicket>> find(CommandStore.Place place, Question question) {
        return store.find(place.projectId(), place.shards(), question.id());
    }

    private static Optional<ReconcileAnswer> answer(CommandTicket ticket) {
        return ticket.state() instanceof CommandState.Completed completed
                        && completed.result().isObject()
                ? Optional.of(ReconcileAnswer.of(
                        new JsonObject(completed.result().text()),
                        completed.at().toEpochMilli()))
                : Optional.empty();
    }
}
