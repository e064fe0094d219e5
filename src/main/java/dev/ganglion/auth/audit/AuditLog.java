package dev.ganglion.auth.audit;

import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The audit as people read it: the chained records of changes, and beside the chain the refused calls. Refused calls change
 * nothing, so they are counted per caller and kept apart: no number of them can push the record of a change out.
 */
public interface AuditLog {
    /**
     * An entry of the list.
     *
     * @param seq position in the chain; null for refused calls, which are not chained
     * @param count number of calls that the entry stands for
     * @param first time of the first of these calls
     * @param record JSON of the record, of the latest of these calls
     */
    record Listed(@Nullable Long seq, long count, Instant first, String record) {}

    /**
     * Counts a refused call of a caller. Calls with the same action, outcome and project share an entry. An action that
     * was registered as open under the record's id is closed.
     */
    Future<Void> countRefused(AuditRecord record);

    /**
     * Lists entries of one project or of all, newest first. A page for one project may be empty and still have a cursor.
     */
    Future<Page<Listed>> page(@Nullable String projectId, @Nullable String cursor, int limit);
}
