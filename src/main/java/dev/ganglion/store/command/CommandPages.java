package dev.ganglion.store.command;

import dev.ganglion.command.CommandStore.Page;
import dev.ganglion.command.CommandStore.Query;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.store.page.PageBytes;
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
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a project's commands, newest first over all shards. Reads a chunk at a time until the page is full,
 * no commands are left, or {@link #SCAN} commands were examined. Asks for the sizes of commands before it reads them.
 */
final class CommandPages {
    static final int SCAN = 1_000;
    private static final int CHUNK = 100;
    private static final List<String> LARGE = List.of("args", "target", "parameters", "result", "error");
    private static final Pattern POSITION = Pattern.compile("(\\d{1,16})\\|([^|]{0,64})");
    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparingLong(Entry::issued).thenComparing(Entry::id).reversed();

    private final SharedLine line;
    private final List<RedisKeys.Shard> shards;
    private final Query query;
    private final List<CommandTicket> items = new ArrayList<>();
    private final PageBytes bytes = new PageBytes();
    private @Nullable Entry last;
    private int scanned;

    /** A command and its position in the order. */
    private record Entry(RedisKeys.Shard shard, long issued, String id) {}

    /**
     * A command that was examined before it is read.
     *
     * @param size bytes of its large parts
     */
    private record Looked(Entry entry, boolean matches, long size) {}

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
        return look(merged).compose(looked -> take(looked, 0, floor == null));
    }

    /** Reads of each command what the filter needs, and the sizes of its parts that agents and callers choose. */
    private Future<List<Looked>> look(List<Entry> entries) {
        List<Request> requests = new ArrayList<>();
        for (Entry entry : entries) {
            String key = entry.shard().command(entry.id());
            requests.add(Request.cmd(Command.HMGET).arg(key).arg("status").arg("agent_id"));
            LARGE.forEach(
                    field -> requests.add(Request.cmd(Command.HSTRLEN).arg(key).arg(field)));
        }
        return line.batch(requests).map(replies -> {
            List<Looked> looked = new ArrayList<>();
            Iterator<Response> reply = replies.iterator();
            for (Entry entry : entries) {
                Response facts = reply.next();
                long size = 0;
                for (int i = 0; i < LARGE.size(); i++) {
                    size += reply.next().toLong();
                }
                looked.add(new Looked(entry, matches(facts.get(0), facts.get(1)), size));
            }
            return looked;
        });
    }

    private static List<Entry> entries(RedisKeys.Shard shard, Response reply) {
        List<Entry> entries = new ArrayList<>();
        for (Response pair : reply) {
            entries.add(new Entry(shard, pair.get(1).toLong(), pair.get(0).toString()));
        }
        return entries;
    }

    /** Reads the matching commands from {@code from} on, in slices, until the page or the list ends. */
    private Future<Page> take(List<Looked> looked, int from, boolean exhausted) {
        List<Entry> slice = new ArrayList<>();
        long sliceBytes = 0;
        boolean full = false;
        int next = from;
        for (; next < looked.size(); next++) {
            Looked one = looked.get(next);
            if (one.matches()) {
                full = items.size() + slice.size() == query.limit() || !bytes.fits(one.size());
                if (full || (!slice.isEmpty() && sliceBytes + one.size() > PageBytes.SLICE)) {
                    break;
                }
                bytes.add(one.size());
                sliceBytes += one.size();
                slice.add(one.entry());
            }
        }
        int end = next;
        boolean ended = full;
        return read(slice).compose(done -> {
            last = end == 0 ? last : looked.get(end - 1).entry();
            if (ended) {
                return Future.succeededFuture(new Page(items, cursor()));
            }
            return end < looked.size() ? take(looked, end, exhausted) : goOn(looked.size(), exhausted);
        });
    }

    private Future<Void> read(List<Entry> entries) {
        List<Request> requests = new ArrayList<>();
        entries.forEach(entry ->
                requests.add(Request.cmd(Command.HGETALL).arg(entry.shard().command(entry.id()))));
        return line.batch(requests).map(hashes -> {
            for (int i = 0; i < entries.size(); i++) {
                HashFields hash = HashFields.of(hashes.get(i));
                if (!hash.isEmpty()) { // otherwise the command has expired since
                    items.add(CommandRecords.read(entries.get(i).id(), hash));
                }
            }
            return null;
        });
    }

    private Future<Page> goOn(int examined, boolean exhausted) {
        scanned += examined;
        if (exhausted) {
            return Future.succeededFuture(new Page(items, null));
        }
        return scanned >= SCAN ? Future.succeededFuture(new Page(items, cursor())) : next(CHUNK);
    }

    private @Nullable String cursor() {
        return last == null ? null : Cursor.encode(last.issued() + "|" + last.id());
    }

    private boolean matches(@Nullable Response status, @Nullable Response agentId) {
        return status != null
                && agentId != null
                && (query.statuses().isEmpty() || query.statuses().contains(status.toString()))
                && (query.agentId() == null || query.agentId().equals(agentId.toString()));
    }
}
