package dev.ganglion.store.projection.read;

import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.protocol.Digests;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.Cursor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of a list of tasks: the place of the last row on the page, and a hash of the filter. The range of times is
 * not part of it, because a client may compute the range anew for each page.
 */
final class TaskCursor {
    private static final String OF_0_1 = "t:";
    private static final Pattern PLACE =
            Pattern.compile(OF_0_1 + ".*|r:(\\d{1,18}):(\\d{1,6}):([0-9a-f]{16})", Pattern.DOTALL);
    private static final int SEGMENT = 1;
    private static final int ROW = 2;
    private static final int FILTER = 3;
    private static final int HASH_CHARS = 16;

    private TaskCursor() {}

    static String encode(RowPlace last, TaskFilter filter) {
        return Cursor.encode("r:" + last.segment() + ":" + last.row() + ":" + hash(filter));
    }

    /**
     * Decodes a cursor. Returns null if there is none.
     *
     * @throws GanglionException if the cursor is malformed, of another list or of version 0.1
     */
    static @Nullable RowPlace decode(@Nullable String cursor, TaskFilter filter) {
        Matcher place = Cursor.decode(cursor, PLACE);
        if (place == null) {
            return null;
        }
        String hash = place.group(FILTER);
        if (hash == null) {
            throw refused(
                    "it is of version 0.1, which ordered tasks in another way; send the request without a cursor");
        }
        if (!hash.equals(hash(filter))) {
            throw refused("it belongs to a list with other filters; send the same filters as for the previous page");
        }
        return new RowPlace(Long.parseLong(place.group(SEGMENT)), Integer.parseInt(place.group(ROW)));
    }

    private static String hash(TaskFilter filter) {
        return Digests.sha256Hex(filter.text()).substring(0, HASH_CHARS);
    }

    private static GanglionException refused(String why) {
        return new GanglionException(
                ErrorCode.VALIDATION_FAILED, "cursor: cannot be used here, because " + why, "cursor");
    }
}
