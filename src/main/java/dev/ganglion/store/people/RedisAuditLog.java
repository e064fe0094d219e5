package dev.ganglion.store.people;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.auth.TokenHash;
import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.config.value.IpAddress;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores refused calls in a hash of counted entries, and lists them between the records of the audit chain. Callers who
 * are not authenticated have an order of their own, so that they push out no entry of a user or a key.
 */
final class RedisAuditLog implements AuditLog {
    /** Most entries of one caller: more than there are operations that write. */
    static final int OF_CALLER = 100;
    /** Most entries of all users and keys, and of all callers that are not authenticated. */
    static final int OF_ALL = 2_000;

    private static final int HASH_CHARS = 16;
    private static final Pattern POSITION = Pattern.compile("([1-9]\\d{0,15})(?:\\|(\\d{1,15}))?");
    private static final Pattern ENTRY = Pattern.compile("(\\d+)\\|(\\d+)\\|(\\d+)\\|[^|]*\\|(.*)", Pattern.DOTALL);

    private final SharedLine line;
    private final AuditStore chain;

    RedisAuditLog(SharedLine line, AuditStore chain) {
        this.line = line;
        this.chain = chain;
    }

    @Override
    public Future<Void> countRefused(AuditRecord record) {
        AuditRecord.Actor actor = record.actor();
        boolean stranger = actor.id() == null;
        // A stranger chooses the name, so only the network of the address tells one from another.
        String who = stranger ? IpAddress.networkOf(record.scope().address()) : actor.kind() + "|" + actor.id();
        String caller = hash(who);
        String what =
                record.action() + "|" + record.outcome() + "|" + record.target().projectId();
        return line.sendDurably(Arguments.of(Script.AUDIT_REFUSED, 3)
                        .add(RedisKeys.People.AUDIT_REFUSED)
                        .add(stranger ? RedisKeys.People.AUDIT_REFUSED_STRANGERS : RedisKeys.People.AUDIT_REFUSED_KNOWN)
                        .add(RedisKeys.People.AUDIT_OPEN)
                        .add(caller + ":" + hash(what))
                        .add(caller)
                        .add(record.id())
                        .add(record.json().encode())
                        .add(record.time().toEpochMilli())
                        .add(OF_CALLER)
                        .add(OF_ALL)
                        .request())
                .mapEmpty();
    }

    private static String hash(String text) {
        return TokenHash.of(text).substring(0, HASH_CHARS);
    }

    /** The position after a page: the last record of the chain and the last refused call that pages have shown. */
    private record Position(long seq, long place) {
        private static final Position NEWEST = new Position(Long.MAX_VALUE, Long.MAX_VALUE);

        static Position of(@Nullable String cursor) {
            Matcher parts = Cursor.decode(cursor, POSITION);
            return parts == null
                    ? NEWEST
                    : new Position(
                            Long.parseLong(parts.group(1)),
                            parts.group(2) == null ? Long.MAX_VALUE : Long.parseLong(parts.group(2)));
        }

        @Nullable
        String ofChain() {
            return seq == Long.MAX_VALUE ? null : Cursor.encode(Long.toString(seq));
        }

        String text() {
            String records = Long.toString(Math.min(seq, 9_999_999_999_999_999L));
            return Cursor.encode(place == Long.MAX_VALUE ? records : records + "|" + place);
        }
    }

    /** Refused calls at their place in the order of all refused calls. */
    private record Refused(long place, Listed listed) {}

    @Override
    public Future<Page<Listed>> page(@Nullable String projectId, @Nullable String cursor, int limit) {
        return Future.succeededFuture().compose(start -> {
            Position from = Position.of(cursor);
            return chain.page(projectId, from.ofChain(), limit)
                    .compose(records -> refused(projectId, from.place(), limit)
                            .map(refused -> merge(from, records, refused, limit)));
        });
    }

    private static Page<Listed> merge(Position from, Page<AuditStore.Entry> records, List<Refused> refused, int limit) {
        List<Listed> items = new ArrayList<>();
        int chained = 0;
        int counted = 0;
        while (items.size() < limit && (chained < records.items().size() || counted < refused.size())) {
            Listed record =
                    chained < records.items().size() ? listed(records.items().get(chained)) : null;
            Listed call = counted < refused.size() ? refused.get(counted).listed() : null;
            if (record == null && records.nextCursor() != null) {
                break; // the next record may be newer than this call
            } else if (call == null || (record != null && time(record).isAfter(time(call)))) {
                items.add(record);
                chained++;
            } else {
                items.add(call);
                counted++;
            }
        }
        boolean ended = chained == records.items().size() && counted == refused.size();
        if (ended && records.nextCursor() == null) {
            return new Page<>(items, null);
        }
        long seq = chained == 0
                ? from.seq()
                : records.items().get(chained - 1).link().seq();
        if (chained == records.items().size() && records.nextCursor() != null) {
            seq = Position.of(records.nextCursor()).seq();
        } else if (chained == records.items().size()) {
            seq = 1; // the chain has ended
        }
        long place = counted == 0 ? from.place() : refused.get(counted - 1).place();
        return new Page<>(items, new Position(seq, place).text());
    }

    private static Listed listed(AuditStore.Entry entry) {
        return new Listed(entry.link().seq(), 1, time(entry.record()), entry.record());
    }

    private static Instant time(Listed listed) {
        return time(listed.record());
    }

    private static Instant time(String record) {
        return Instant.parse(new JsonObject(record).getString("time"));
    }

    /** Returns refused calls before a place, newest first, one more than the limit if there are more. */
    private Future<List<Refused>> refused(@Nullable String projectId, long before, int limit) {
        List<Request> requests = new ArrayList<>();
        for (String order : List.of(RedisKeys.People.AUDIT_REFUSED_KNOWN, RedisKeys.People.AUDIT_REFUSED_STRANGERS)) {
            requests.add(Request.cmd(Command.ZRANGE)
                    .arg(order)
                    .arg(before == Long.MAX_VALUE ? "+inf" : "(" + before)
                    .arg("-inf")
                    .arg("BYSCORE")
                    .arg("REV")
                    .arg("LIMIT")
                    .arg(0)
                    .arg(projectId == null ? limit + 1 : OF_ALL));
        }
        return line.batch(requests).compose(replies -> {
            Arguments wanted = Arguments.of(Command.HMGET).add(RedisKeys.People.AUDIT_REFUSED);
            List<String> ids = new ArrayList<>();
            replies.forEach(reply -> ids.addAll(Replies.texts(reply)));
            if (ids.isEmpty()) {
                return Future.succeededFuture(List.of());
            }
            ids.forEach(wanted::add);
            return line.send(wanted.request()).map(found -> {
                List<Refused> calls = new ArrayList<>();
                found.forEach(each -> add(each, projectId, calls));
                calls.sort(Comparator.comparingLong(Refused::place).reversed());
                return calls.subList(0, Math.min(calls.size(), limit + 1));
            });
        });
    }

    private static void add(@Nullable Response entry, @Nullable String projectId, List<Refused> calls) {
        Matcher parts = entry == null ? null : ENTRY.matcher(entry.toString());
        if (parts == null || !parts.matches()) {
            return; // dropped meanwhile
        }
        String record = parts.group(4);
        if (projectId == null || projectId.equals(new JsonObject(record).getString("project_id"))) {
            calls.add(new Refused(
                    Long.parseLong(parts.group(1)),
                    new Listed(
                            null,
                            Long.parseLong(parts.group(2)),
                            Instant.ofEpochMilli(Long.parseLong(parts.group(3))),
                            record)));
        }
    }
}
