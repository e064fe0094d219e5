package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.task.SubjectKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers which processes and engine workers reported that they went offline. Not thread-safe. */
final class OfflineNotes {
    private static final int MOST = 1_000;

    private final Map<ProcessKey, Note> notes = new LinkedHashMap<>();

    private record Note(SubjectKey worker, long atMs, long heardMs) {}

    void add(ProcessKey process, SubjectKey worker, long atMs, long heardMs) {
        Note before = notes.remove(process);
        notes.put(process, before != null && before.atMs() > atMs ? before : new Note(worker, atMs, heardMs));
        if (notes.size() > MOST) {
            notes.remove(notes.keySet().iterator().next());
        }
    }

    /** The time since which the worker of a task is offline, by the brain's clock; 0 if it did not report so. */
    long since(OpenTask task, PresenceView view) {
        long latest = sinceOfWorker(task, view);
        if (latest == 0 && !SharedReports.applyTo(task.key().engine())) {
            latest = sinceOfProcesses(task);
        }
        return latest > 0 && view.atMs() - latest >= LostTasks.SETTLE.toMillis() ? latest : 0;
    }

    private static long sinceOfWorker(OpenTask task, PresenceView view) {
        SubjectKey worker = task.workerKey();
        WorkerSigns signs = worker == null ? null : view.workers().get(worker);
        if (signs == null
                || !signs.isOffline()
                || signs.offlineMs() < task.lastStart().atMs()) {
            return 0;
        }
        boolean own = SharedReports.applyTo(task.key().engine())
                || task.starts().stream()
                        .allMatch(start -> start.process().agentId().equals(signs.agentId()));
        return own ? signs.offlineHeardMs() : 0;
    }

    /** All processes that reported the start must have gone. */
    private long sinceOfProcesses(OpenTask task) {
        long latest = 0;
        for (Start start : task.starts()) {
            Note note = notes.get(start.process());
            if (note == null || note.atMs() < start.atMs() || !concerns(note, task)) {
                return 0;
            }
            latest = Math.max(latest, note.heardMs());
        }
        return latest;
    }

    private static boolean concerns(Note note, OpenTask task) {
        return isSame(note.worker().engine(), task.key().engine())
                && isSame(note.worker().name(), task.worker());
    }

    private static boolean isSame(String noted, @Nullable String own) {
        return noted.isEmpty() || own == null || own.isEmpty() || noted.equals(own);
    }
}
