package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;

/**
 * Where a report of a task is stored.
 *
 * @param shard shard whose stream holds it
 * @param entry id of the stream entry, {@code ms-sequence}
 * @param index position in the batch, from 0
 * @param state state that it reports
 * @param micros time when it happened, in microseconds since 1970
 * @param transition number of its transition; reports of one transition have the same number
 */
public record ReportPosition(int shard, String entry, int index, TaskState state, long micros, int transition) {}
