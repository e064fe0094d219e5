package dev.ganglion.store.journal;

import dev.ganglion.journal.Journal;
import dev.ganglion.journal.JournalEntry;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores the journal of each agent as a list, newest entry first. An entry has the form {@code id|merge key|first
 * ms|last ms|count|facts}.
 */
public final class RedisJournal implements Journal {
    private static final Pattern POSITION = Pattern.compile("([0-9a-z-]{1,64})");
    private static final int PARTS = 6;

    private final SharedLine line;
    private final Ticker ticker;

    /**
     * Creates a journal.
     *
     * @param ticker the clock of {@link JournalEntry#notedAt}
     */
    public RedisJournal(SharedLine line, Ticker ticker) {
        this.line = line;
        this.ticker = ticker;
    }

    @Override
    public Future<Void> append(List<JournalEntry> entries) {
        List<Request> requests = new ArrayList<>();
        long now = ticker.nanos();
        for (JournalEntry entry : entries) {
            RedisKeys.Shard keys =
                    RedisKeys.Shard.of(entry.agent().projectId(), entry.agent().shard());
            requests.add(Arguments.of(Script.JOURNAL, 2)
                    .add(keys.journal(entry.agent().agentId()))
                    .add(keys.agent(entry.agent().agentId()))
                    .add(ENTRIES)
                    .add(entry.id())
                    .add(mergeKey(entry))
                    .add(entry.count())
                    .add(Math.max(0, now - entry.notedAt()) / 1_000_000)
                    .add(entry.retried() ? "1" : "0")
                    .add(entry.facts())
                    .request());
        }
        return line.batch(requests).mapEmpty();
    }

    /** Returns the merge key in a fixed form, because the key itself may contain any character. */
    private static String mergeKey(JournalEntry entry) {
        return entry.mergeKey().isEmpty()
                ? ""
                : UUID.nameUUIDFromBytes(entry.mergeKey().getBytes(StandardCharsets.UTF_8))
                        .toString();
    }

    @Override
    public Future<Page> read(JournalEntry.Agent agent, @Nullable String cursor, int limit) {
        Matcher position = Cursor.decode(cursor, POSITION);
        String after = position == null ? null : position.group(1);
        String key = RedisKeys.Shard.of(agent.projectId(), agent.shard()).journal(agent.agentId());
        return line.send(Request.cmd(Command.LRANGE).arg(key).arg(0).arg(-1)).map(reply -> page(reply, after, limit));
    }

    /**
     * Builds a page. If the journal no longer holds the last entry of the previous page, all older entries are gone
     * too, and the page is empty.
     */
    private static Page page(Response reply, @Nullable String after, int limit) {
        List<Json> items = new ArrayList<>();
        boolean reached = after == null;
        String last = null;
        for (Response each : reply) {
            String[] parts = each.toString(StandardCharsets.UTF_8).split("\\|", PARTS);
            if (reached && items.size() == limit) {
                return new Page(items, last == null ? null : Cursor.encode(last));
            } else if (reached) {
                items.add(view(parts));
                last = parts[0];
            }
            reached = reached || parts[0].equals(after);
        }
        return new Page(items, null);
    }

    private static Json view(String[] parts) {
        String head = new JsonObject()
                .put("id", parts[0])
                .put("time", time(parts[3]))
                .put("first_time", time(parts[2]))
                .put("count", Long.parseLong(parts[4]))
                .encode();
        return Json.ofCanonical(Buffer.buffer(head.substring(0, head.length() - 1))
                .appendString(",")
                .appendString(parts[5].substring(1))
                .getBytes());
    }

    private static String time(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis)).toString();
    }
}
