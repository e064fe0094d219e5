package dev.ganglion.store.people;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores the audit in a stream whose entry ids are the sequence numbers of the records. A hash beside the stream holds
 * both ends of the chain.
 */
final class RedisAudit implements AuditStore {
    /** Most records that one page examines. */
    static final int SCAN = 1_000;

    /** Records that are read at once. The limits of a request bound a record to about 10 KiB. */
    private static final int CHUNK = 100;

    private static final Pattern POSITION = Pattern.compile("([1-9]\\d{0,15})");

    private final SharedLine line;

    RedisAudit(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Answer> append(Batch batch) {
        Arguments arguments = Arguments.of(Script.AUDIT_APPEND, 3)
                .add(RedisKeys.People.AUDIT)
                .add(RedisKeys.People.AUDIT_ENDS)
                .add(RedisKeys.People.AUDIT_OPEN)
                .add(batch.expected().seq())
                .add(batch.expected().mac())
                .add(batch.head().link().seq())
                .add(batch.head().link().mac())
                .add(batch.head().seal())
                .add(batch.entries().size());
        for (Entry entry : batch.entries()) {
            arguments
                    .add(entry.id())
                    .add(entry.link().mac())
                    .add(batch.onlyOpen().contains(entry.id()) ? "1" : "0")
                    .add(entry.record());
        }
        return line.sendDurably(arguments.request())
                .map(reply -> new Answer(
                        reply.get(0).toString().equals("APPENDED"),
                        new Link(reply.get(1).toLong(), reply.get(2).toString()),
                        reply.get(3).toLong(),
                        reply.get(0).toString().equals("ENDED") ? reply.get(4).toString() : null));
    }

    @Override
    public Future<Void> begin(String id, String record, boolean evenIfFull) {
        Arguments write = evenIfFull
                ? Arguments.evenIfFull(Command.HSET, RedisKeys.People.AUDIT_OPEN)
                : Arguments.of(Command.HSET).add(RedisKeys.People.AUDIT_OPEN);
        return line.sendDurably(write.add(id).add(record).request()).mapEmpty();
    }

    @Override
    public Future<Map<String, String>> openRecords() {
        return line.send(Request.cmd(Command.HGETALL).arg(RedisKeys.People.AUDIT_OPEN))
                .map(reply -> HashFields.of(reply).fields());
    }

    @Override
    public Future<Ends> ends() {
        return line.send(Request.cmd(Command.HGETALL).arg(RedisKeys.People.AUDIT_ENDS))
                .map(reply -> {
                    HashFields hash = HashFields.of(reply);
                    return new Ends(end(hash, "head"), end(hash, "anchor"));
                });
    }

    private static Sealed end(HashFields hash, String name) {
        Map<String, String> fields = hash.fields();
        return new Sealed(
                new Link(
                        Long.parseLong(fields.getOrDefault(name + "_seq", "0")),
                        fields.getOrDefault(name + "_mac", "")),
                fields.getOrDefault(name + "_seal", ""));
    }

    @Override
    public Future<List<Entry>> entriesFrom(long seq, int count) {
        return line.send(Request.cmd(Command.XRANGE)
                        .arg(RedisKeys.People.AUDIT)
                        .arg(seq + "-0")
                        .arg("+")
                        .arg("COUNT")
                        .arg(count))
                .map(RedisAudit::entries);
    }

    @Override
    public Future<Void> trim(Sealed anchor) {
        return line.sendDurably(Arguments.of(Script.AUDIT_TRIM, 2)
                        .add(RedisKeys.People.AUDIT)
                        .add(RedisKeys.People.AUDIT_ENDS)
                        .add(anchor.link().seq())
                        .add(anchor.link().mac())
                        .add(anchor.seal())
                        .add(anchor.link().seq() + 1)
                        .request())
                .mapEmpty();
    }

    @Override
    public Future<Boolean> repair(Repair repair) {
        return line.sendDurably(Arguments.of(Script.AUDIT_REPAIR, 2)
                        .add(RedisKeys.People.AUDIT)
                        .add(RedisKeys.People.AUDIT_ENDS)
                        .add(repair.last().seq())
                        .add(repair.last().mac())
                        .add(repair.anchor().link().seq())
                        .add(repair.anchor().link().mac())
                        .add(repair.anchor().seal())
                        .add(repair.anchor().link().seq() + 1)
                        .add(repair.head().link().seq())
                        .add(repair.head().link().mac())
                        .add(repair.head().seal())
                        .add(repair.entry().id())
                        .add(repair.entry().record())
                        .request())
                .map(reply -> reply.toInteger() == 1);
    }

    @Override
    public Future<Page<Entry>> page(@Nullable String projectId, @Nullable String cursor, int limit) {
        Matcher position = Cursor.decode(cursor, POSITION);
        long before = position == null ? Long.MAX_VALUE : Long.parseLong(position.group(1));
        return page(projectId, before, limit, new Found(new ArrayList<>(), new PageBytes()), SCAN);
    }

    /** The records of a page that were found so far. */
    private record Found(List<Entry> items, PageBytes bytes) {
        boolean add(Entry entry, int limit) {
            long size = entry.record().length();
            if (items.size() == limit || !bytes.fits(size)) {
                return false;
            }
            bytes.add(size);
            return items.add(entry);
        }
    }

    private Future<Page<Entry>> page(@Nullable String projectId, long before, int limit, Found page, int left) {
        List<Entry> items = page.items();
        int count = Math.min(left, Math.min(CHUNK, projectId == null ? limit + 1 - items.size() : CHUNK));
        return line.send(Request.cmd(Command.XREVRANGE)
                        .arg(RedisKeys.People.AUDIT)
                        .arg("(" + before + "-0")
                        .arg("-")
                        .arg("COUNT")
                        .arg(count))
                .compose(reply -> {
                    List<Entry> found = entries(reply);
                    long last = before;
                    for (Entry entry : found) {
                        if (isOf(projectId, entry) && !page.add(entry, limit)) {
                            return Future.succeededFuture(new Page<>(items, Cursor.encode("" + last)));
                        }
                        last = entry.link().seq();
                    }
                    if (found.size() < count) {
                        return Future.succeededFuture(new Page<>(items, null));
                    }
                    int rest = left - found.size();
                    return rest <= 0
                            ? Future.succeededFuture(new Page<>(items, Cursor.encode("" + last)))
                            : page(projectId, last, limit, page, rest);
                });
    }

    private static boolean isOf(@Nullable String projectId, Entry entry) {
        return projectId == null || projectId.equals(new JsonObject(entry.record()).getString("project_id"));
    }

    /** Decodes stream entries. Each has an id and its fields with their values. */
    private static List<Entry> entries(Response reply) {
        List<Entry> entries = new ArrayList<>();
        for (Response each : reply) {
            String id = each.get(0).toString();
            HashFields hash = HashFields.of(each.get(1));
            Link link = new Link(
                    Long.parseLong(id.substring(0, id.indexOf('-'))),
                    hash.fields().getOrDefault("mac", ""));
            entries.add(new Entry(
                    hash.fields().getOrDefault("id", ""), link, hash.fields().getOrDefault("record", "")));
        }
        return entries;
    }
}
