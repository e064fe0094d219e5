package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.lost.ProcessWatches.Watch;
import dev.ganglion.projection.task.SubjectKey;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tasks whose process was replaced by another one, for engines whose processes report only their own tasks. Three
 * facts show it:
 *
 * <ul>
 *   <li>the process under the same {@code worker_id} started after the task did, by the clock of its host;
 *   <li>the process under the same {@code worker_id} is another one than at an earlier look, and connected after the brain
 *       heard of the start;
 *   <li>the process is not connected, and a process that connected later reports events of the same engine worker.
 * </ul>
 */
final class Replacements {
    /** A process that started this much later than the task, by the clock of its host, did not run the task. */
    private static final long CLOCK_MARGIN_MS = 2_000;
    /** A process that says it started this much after it connected has an unreliable clock or time zone. */
    private static final long UNRELIABLE_MS = 60_000;

    private final ProcessWatches watches;

    Replacements(ProcessWatches watches) {
        this.watches = watches;
    }

    /** The time since which all processes that reported the start are replaced, by the brain's clock; 0 if they are not. */
    long since(OpenTask task, PresenceView view) {
        long latest = 0;
        for (Start start : task.starts()) {
            long since = since(task, start, view);
            if (since == 0 || view.atMs() - since < LostTasks.SETTLE.toMillis()) {
                return 0;
            }
            latest = Math.max(latest, since);
        }
        return latest;
    }

    /** Whether a process that reported the start may be replaced, although not all facts are in yet. */
    boolean mayBe(OpenTask task, PresenceView view) {
        return task.starts().stream().anyMatch(start -> since(task, start, view) > 0);
    }

    private long since(OpenTask task, Start start, PresenceView view) {
        List<PresentProcess> sessions =
                Objects.requireNonNull(view.of(start.process().agentId()));
        long first = Long.MAX_VALUE;
        boolean present = false;
        for (PresentProcess session : sessions) {
            if (watches.mayBe(session, start.process())) {
                present = true;
                if (!isNewer(session, start) && !replaced(session, start)) {
                    return 0;
                }
                first = Math.min(first, session.connectedMs());
            }
        }
        return present ? first : successor(task.workerKey(), start, sessions);
    }

    /**
     * Whether a process started after the task did. Some agents cut times to seconds, so a small difference counts only if
     * the process started after the brain heard of the task as well.
     */
    private static boolean isNewer(PresentProcess session, Start start) {
        Identity identity = session.identity();
        if (session.longPoll() || identity == null) {
            return false;
        }
        long started = identity.startedMs();
        boolean surely = started > start.atMs() + CLOCK_MARGIN_MS;
        boolean heardBefore =
                started > start.atMs() && started > start.heardMs() && session.connectedMs() > start.heardMs();
        return (surely || heardBefore) && started <= session.connectedMs() + UNRELIABLE_MS;
    }

    private boolean replaced(PresentProcess session, Start start) {
        Watch watch = watches.of(start.process());
        return session.identity() != null
                && watch.replacedMs() > 0
                && session.connectedMs() >= watch.replacedMs()
                && start.heardMs() < watch.replacedMs();
    }

    private static long successor(@Nullable SubjectKey worker, Start start, List<PresentProcess> sessions) {
        return worker == null
                ? 0
                : sessions.stream()
                        .filter(session ->
                                session.workers().contains(worker) && session.connectedMs() > start.heardMs())
                        .mapToLong(PresentProcess::connectedMs)
                        .min()
                        .orElse(0);
    }
}
