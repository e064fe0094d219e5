package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.ProcessPresence.Place;
import dev.ganglion.projection.lost.TaskQuestions.Answered;
import dev.ganglion.projection.lost.TaskQuestions.Outcome;
import dev.ganglion.projection.lost.TaskQuestions.Question;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the lost tasks of a project and asks about them. The node that projects the project calls {@link #sweep} when it is
 * {@link #isDue due}. Not thread-safe: all calls, and the handling of answers, run on the context of the projection.
 *
 * <pre>
 *   StartedTasks ──> look at sessions and workers ──> LostTasks ──> marks ──> projection
 *                                                        │
 *                                                        v
 *   event stream <── believed answers <── agents <── Inquiries
 * </pre>
 */
public final class LostTaskSweeper {
    /** Time between two sweeps. */
    public static final Duration INTERVAL = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(LostTaskSweeper.class);

    private final Place place;
    private final Ports ports;
    private final StartedTasks tasks;
    private final Ticker ticker;
    private final Executor home;
    private final LostTasks policy = new LostTasks();
    private final Inquiries inquiries;
    private long next;

    /**
     * The surroundings of the sweepers of all projects.
     *
     * @param presence reads which worker processes are connected
     * @param questions asks agents
     * @param ends keeps their answers
     */
    public record Ports(ProcessPresence presence, TaskQuestions questions, ReconciledEnds ends) {}

    /**
     * Creates the sweeper of a project.
     *
     * @param tasks the started tasks of the project, which the projection keeps current
     * @param home runs a task on the context of the projection
     */
    public LostTaskSweeper(Place place, Ports ports, StartedTasks tasks, Ticker ticker, Executor home) {
        this.place = place;
        this.ports = ports;
        this.tasks = tasks;
        this.ticker = ticker;
        this.home = home;
        this.inquiries = new Inquiries(place.projectId());
        this.next = ticker.nanos();
    }

    /** Notes that a process reported its engine worker as offline; see {@link LostTasks#wentOffline}. */
    public void wentOffline(ProcessKey process, SubjectKey worker, long atMs, long heardMs) {
        policy.wentOffline(process, worker, atMs, heardMs);
    }

    /** Whether the next sweep is due, and there are started tasks. */
    public boolean isDue() {
        return !tasks.isEmpty() && ticker.nanos() - next >= 0;
    }

    /**
     * Looks which processes are connected, and judges the started tasks. The caller stores the marks with the tasks. If the
     * store does not answer, the sweep is empty.
     *
     * @param upToDate whether the projection has applied all events that were stored until two seconds ago
     */
    public Future<LostTasks.Sweep> sweep(boolean upToDate) {
        next = ticker.nanos() + INTERVAL.toNanos();
        Set<String> agents = tasks.nextAgents();
        return ports.presence()
                .read(place, agents, StartedTasks.workersOf(tasks.all(), agents))
                .map(view -> judge(view, upToDate))
                .recover(failure -> {
                    policy.interrupted();
                    LOG.atDebug()
                            .setCause(failure)
                            .addKeyValue("project", place.projectId())
                            .log("Failed to look for lost tasks; retrying in 3 s");
                    return Future.succeededFuture(LostTasks.Sweep.EMPTY);
                });
    }

    private LostTasks.Sweep judge(PresenceView view, boolean upToDate) {
        LostTasks.Sweep sweep = policy.sweep(ticker.nanos(), tasks.all(), view, upToDate);
        tasks.apply(sweep);
        inquiries.due(ticker.nanos(), tasks.lost(), view).forEach(this::ask);
        return sweep;
    }

    private void ask(Question question, OpenTask task) {
        ports.questions()
                .ask(place, question)
                .compose(outcome -> keep(question, task, outcome))
                .onComplete(done -> home.execute(() -> close(question, done)));
    }

    private void close(Question question, AsyncResult<Outcome> done) {
        if (done.succeeded() && !(done.result() instanceof TaskQuestions.Busy)) {
            inquiries.answered(question, ticker.nanos());
            return;
        }
        inquiries.notAsked(question, ticker.nanos());
        if (done.failed()) {
            LOG.atDebug()
                    .setCause(done.cause())
                    .addKeyValue("task", question.task())
                    .log("Failed to ask an agent about a lost task; retrying in 5 s");
        }
    }

    private Future<Outcome> keep(Question question, OpenTask task, Outcome outcome) {
        if (!(outcome instanceof Answered answered)) {
            return Future.succeededFuture(outcome);
        }
        return answered.answer()
                .believe(task)
                .map(end -> ports.ends().keep(place, question, end).map(kept -> outcome))
                .orElseGet(() -> Future.succeededFuture(outcome));
    }
}
