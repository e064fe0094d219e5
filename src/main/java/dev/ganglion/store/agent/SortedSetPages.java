package dev.ganglion.store.agent;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Pages through a sorted set whose scores are creation times. The cursor is the rank at which the next page begins. */
public final class SortedSetPages {
    private static final Pattern RANK = Pattern.compile("(\\d{1,9})");

    private SortedSetPages() {}

    /** Returns the rank at which a page begins; 0 if there is no cursor. */
    static int begin(@Nullable String cursor) {
        Matcher rank = Cursor.decode(cursor, RANK);
        return rank == null ? 0 : Integer.parseInt(rank.group(1));
    }

    /** Reads a page of ids from the sorted set, and loads the objects of these ids, which are small. */
    public static <T> Future<Page<T>> page(
            SharedLine line,
            String key,
            @Nullable String cursor,
            int limit,
            Function<List<String>, Future<List<T>>> byIds) {
        return page(
                line,
                key,
                cursor,
                limit,
                new Load<>(ids -> Future.succeededFuture(Collections.nCopies(ids.size(), 1L)), byIds));
    }

    /**
     * Loads objects by id.
     *
     * @param sizes returns the sizes of the objects in bytes
     * @param byIds reads the objects
     */
    public record Load<T>(
            Function<List<String>, Future<List<Long>>> sizes, Function<List<String>, Future<List<T>>> byIds) {}

    /** Reads a page of ids from the sorted set, and loads as many of the objects as fit into a page. */
    public static <T> Future<Page<T>> page(
            SharedLine line, String key, @Nullable String cursor, int limit, Load<T> load) {
        int begin = begin(cursor);
        int end = begin + limit;
        return line.send(Request.cmd(Command.ZRANGE).arg(key).arg(begin).arg(end)) // one more than the page holds
                .compose(reply -> {
                    List<String> ids = Replies.texts(reply);
                    List<String> wanted = ids.subList(0, Math.min(limit, ids.size()));
                    return load.sizes().apply(wanted).compose(sizes -> {
                        int count = SizedReads.endOfSlice(sizes, 0, PageBytes.MAX);
                        String next = ids.size() > count ? Cursor.encode("" + (begin + count)) : null;
                        return load.byIds().apply(wanted.subList(0, count)).map(items -> new Page<>(items, next));
                    });
                });
    }
}
