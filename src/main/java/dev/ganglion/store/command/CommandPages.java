package dev.ganglion.store.command;

import dev.ganglion.command.CommandStore.Page;
import dev.ganglion.command.CommandStore.Query;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a project's commands, newest first over all shards. Reads a chunk at a time until the page is full,
 * no commands are left, or {@link #SCAN} commands were examined.
 */
final class CommandPages {
    static final int SCAN = 1_000;
    private static final int CHUNK = 100;
    private static final Pattern POSITION = Pattern.compile("(\\d{1,16})\\|([^|]{0,64})");
    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparingLong(Entry::issued).thenComparing(Entry::id).reversed();

    private final SharedLine line;
    private final List<RedisKeys.Shard> shards;
    private final Query query;
    private final List<CommandTicket> items = new ArrayList<>();
    private @Nullable Entry last;
    private int scanned;

    /** A command and its position in the order. */
    private record Entry(RedisKeys.Shard shard, long issued, String id) {}

    private CommandPages(SharedLine line, List<RedisKeys.Shard> shards, Query query) {
        this.line = line;
        this.shards = shards;
        this.query = query;
    }

    static Future<Page> read(SharedLine line, List<RedisKeys.Shard> shards, Query query) {
        CommandPages pages = new CommandPages(line, shards, query);
        Matcher position = Cursor.decode(query.cursor(), POSITION);
        if (position != null) {
            pages.last = new Entry(shards.get(0), Long.parseLong(position.group(1)), position.group(2));
        }
        return pages.next(Math.min(CHUNK, query.limit() + 1));
    }

    private Future<Page> next(int count) {
        String max = last == null ? "+inf" : Long.toString(last.issued());
        List<Request> requests = new ArrayList<>();
        for (RedisKeys.Shard shard : shards) {
            requests.add(Request.cmd(Command.ZRANGE)
                    .arg(shard.commands())
                    .arg(max)
                    .arg("-inf")
                    .arg("BYSCORE")
                    .arg("REV")
                    .arg("LIMIT")
                    .arg(0)
                    .arg(count)
                    .arg("WITHSCORES"));
        }
        return line.batch(requests).compose(replies -> merge(replies, count));
    }

    private Future<Page> merge(List<Response> replies, int count) {
        List<Entry> merged = new ArrayList<>();
        Entry bound = null;
        for (int i = 0; i < shards.size(); i++) {
            List<Entry> found = entries(shards.get(i), replies.get(i));
            merged.addAll(found);
            if (found.size() == count) {
                // Older entries of other shards must wait: unread entries of this shard may come before them.
                Entry end = found.get(count - 1);
                bound = bound == null || NEWEST_FIRST.compare(end, bound) < 0 ? end : bound;
            }
        }
        Entry floor = bound;
        merged.removeIf(entry -> (last != null && NEWEST_FIRST.compare(entry, last) <= 0)
                || (floor != null && NEWEST_FIRST.compare(entry, floor) > 0));
        if (merged.isEmpty()) {
            // A full chunk holds only commands of earlier pages, all issued in one millisecond. Read a larger chunk.
            return floor == null ? Future.succeededFuture(new Page(items, null)) : next(2 * count);
        }
        merged.sort(NEWEST_FIRST);
        List<Request> requests = new ArrayList<>();
        merged.forEach(entry ->
                requests.add(Request.cmd(Command.HGETALL).arg(entry.shard().command(entry.id()))));
        return line.batch(requests).compose(hashes -> take(merged, hashes, floor == null));
    }

    private static List<Entry> entries(RedisKeys.Shard shard, Response reply) {
        List<Entry> entries = new ArrayList<>();
        for (Response pair : reply) {
            entries.add(new Entry(shard, pair.get(1).toLong(), pair.get(0).toString()));
        }
        return entries;
    }

    private Future<Page> take(List<Entry> entries, List<Response> hashes, boolean exhausted) {
        for (int i = 0; i < entries.size(); i++) {
            HashFields hash = HashFields.of(hashes.get(i));
            CommandTicket ticket =
                    hash.isEmpty() ? null : CommandRecords.read(entries.get(i).id(), hash);
            if (ticket != null && matches(ticket)) {
                if (items.size() == query.limit()) {
                    return Future.succeededFuture(new Page(items, cursor()));
                }
                items.add(ticket);
            }
            last = entries.get(i);
        }
        scanned += entries.size();
        if (exhausted) {
            return Future.succeededFuture(new Page(items, null));
        }
        return scanned >= SCAN ? Future.succeededFuture(new Page(items, cursor())) : next(CHUNK);
    }

    private @Nullable String cursor() {
        return last == null ? null : Cursor.encode(last.issued() + "|" + last.id());
    }

    private boolean matches(CommandTicket ticket) {
        return (query.statuses().isEmpty()
                        || query.statuses().contains(ticket.state().status()))
                && (query.agentId() == null
                        || query.agentId().equals(ticket.order().agentId()));
    }
}
