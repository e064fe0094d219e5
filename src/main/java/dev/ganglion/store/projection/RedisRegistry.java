package dev.ganglion.store.projection;

import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.engine.Schedules;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the agents' registries. Each is a hash from {@code engine|name} to the entry. */
public final class RedisRegistry implements RegistryStore {
    private static final Pattern POSITION = Pattern.compile("(\\d{1,9})\\|(.*)", Pattern.DOTALL);

    /** Suffix of a field name that marks a schedule, because a schedule and a task may have the same name. */
    private static final String SCHEDULE = "\u0000schedule";

    private final SharedLine line;

    public RedisRegistry(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Page> registry(String projectId, int shards, @Nullable String cursor, int limit) {
        Matcher position = Cursor.decode(cursor, POSITION);
        int rank = position == null ? 0 : Integer.parseInt(position.group(1));
        String after = position == null ? "" : position.group(2);
        return agents(projectId, shards, rank, after, limit, new ArrayList<>());
    }

    private Future<Page> agents(String projectId, int shards, int rank, String after, int limit, List<Json> items) {
        return line.send(Request.cmd(Command.ZRANGE)
                        .arg(RedisKeys.agents(projectId))
                        .arg(rank)
                        .arg(rank))
                .compose(reply -> {
                    if (reply.size() == 0) {
                        return Future.succeededFuture(new Page(items, null));
                    }
                    String agentId = reply.get(0).toString();
                    RedisKeys.Shard shard = RedisKeys.Shard.of(projectId, Math.floorMod(agentId.hashCode(), shards));
                    return entries(shard, agentId, after, limit - items.size(), items)
                            .compose(last -> last == null
                                    ? agents(projectId, shards, rank + 1, "", limit, items)
                                    : Future.succeededFuture(new Page(items, Cursor.encode(rank + "|" + last))));
                });
    }

    /** Adds up to {@code room} entries. Returns the field of the last one if there are more entries, else null. */
    private Future<@Nullable String> entries(
            RedisKeys.Shard shard, String agentId, String after, int room, List<Json> items) {
        String key = shard.registry(agentId);
        return schedules(shard, agentId)
                .compose(schedules -> line.send(Request.cmd(Command.HKEYS).arg(key))
                        .compose(reply -> {
                            Stream<String> all =
                                    Stream.concat(Replies.texts(reply).stream(), schedules.keySet().stream());
                            List<String> fields = all.filter(field -> field.compareTo(after) > 0)
                                    .sorted()
                                    .toList();
                            return shown(key, agentId, fields, room, items, schedules);
                        }));
    }

    /** Reads the agent's schedules from the projection, by field name with {@link #SCHEDULE}. */
    private Future<Map<String, Json>> schedules(RedisKeys.Shard shard, String agentId) {
        return line.send(Request.cmd(Command.HKEYS).arg(shard.schedules())).compose(reply -> {
            List<String> mine = Replies.texts(reply).stream()
                    .filter(subject -> SubjectKey.of(subject).name().equals(agentId))
                    .toList();
            if (mine.isEmpty()) {
                return Future.succeededFuture(Map.of());
            }
            return line.send(RedisProjections.fields(shard.schedules(), mine)).map(values -> {
                Map<String, Json> schedules = new HashMap<>();
                RedisProjections.present(mine, values).forEach((subject, record) -> {
                    String engine = SubjectKey.of(subject).engine();
                    Schedules.decode(record).entries().forEach((name, entry) -> {
                        JsonObject view = new JsonObject()
                                .put("agent_id", agentId)
                                .put("engine", engine)
                                .put("name", name)
                                .put("kind", "schedule")
                                .put("entry", entry);
                        schedules.put(
                                engine + "|" + name + SCHEDULE,
                                Json.ofCanonical(view.toBuffer().getBytes()));
                    });
                });
                return schedules;
            });
        });
    }

    private Future<@Nullable String> shown(
            String key, String agentId, List<String> fields, int room, List<Json> items, Map<String, Json> schedules) {
        List<String> shown = fields.subList(0, Math.min(room, fields.size()));
        if (shown.isEmpty()) {
            return Future.succeededFuture(fields.isEmpty() ? null : "");
        }
        return line.send(RedisProjections.fields(key, shown)).map(values -> {
            for (int i = 0; i < shown.size(); i++) {
                Json schedule = schedules.get(shown.get(i));
                if (schedule != null) {
                    items.add(schedule);
                } else if (values.get(i) != null) {
                    items.add(view(agentId, shown.get(i), values.get(i).toBuffer()));
                }
            }
            return fields.size() > shown.size() ? shown.get(shown.size() - 1) : null;
        });
    }

    private static Json view(String agentId, String field, Buffer entry) {
        int bar = field.indexOf('|');
        String head = new JsonObject()
                .put("agent_id", agentId)
                .put("engine", field.substring(0, bar))
                .put("name", field.substring(bar + 1))
                .encode();
        Buffer view = Buffer.buffer(head.substring(0, head.length() - 1))
                .appendString(",\"entry\":")
                .appendBuffer(entry)
                .appendString("}");
        return Json.ofCanonical(view.getBytes());
    }
}
