package dev.ganglion.store.projection;

import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.engine.Schedules;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the agents' registries. Each is a hash from {@code engine|name} to the entry. Schedules come from the projection.
 */
public final class RedisRegistry implements RegistryStore {
    private static final Pattern POSITION = Pattern.compile("(\\d{1,9})\\|(.*)", Pattern.DOTALL);

    /** Suffix of a position among the schedules, which follow the tasks of an agent. */
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
        return new Read(projectId, shards, limit).agents(rank, after);
    }

    /** Builds one page. Of each agent, it reads the tasks first and then the schedules. */
    private final class Read {
        private final String projectId;
        private final int shards;
        private final int limit;
        private final List<Json> items = new ArrayList<>();
        private final PageBytes bytes = new PageBytes();

        private Read(String projectId, int shards, int limit) {
            this.projectId = projectId;
            this.shards = shards;
            this.limit = limit;
        }

        private boolean hasRoom(long size) {
            return items.size() < limit && bytes.fits(size);
        }

        private void add(Json item) {
            bytes.add(item.size());
            items.add(item);
        }

        private Future<Page> agents(int rank, String after) {
            return line.send(Request.cmd(Command.ZRANGE)
                            .arg(RedisKeys.agents(projectId))
                            .arg(rank)
                            .arg(rank))
                    .compose(reply -> {
                        if (reply.size() == 0) {
                            return Future.succeededFuture(new Page(items, null));
                        }
                        Owner agent = owner(reply.get(0).toString());
                        Future<@Nullable String> tasks =
                                after.endsWith(SCHEDULE) ? Future.succeededFuture(null) : tasks(agent, after);
                        String done = after.endsWith(SCHEDULE) ? after : SCHEDULE;
                        return tasks.compose(
                                        last -> last == null ? schedules(agent, done) : Future.succeededFuture(last))
                                .compose(last -> last == null
                                        ? agents(rank + 1, "")
                                        : Future.succeededFuture(new Page(items, Cursor.encode(rank + "|" + last))));
                    });
        }

        private Owner owner(String agentId) {
            return new Owner(RedisKeys.Shard.of(projectId, Math.floorMod(agentId.hashCode(), shards)), agentId);
        }

        /** Adds the tasks after a field. Returns the position of the page's end, or null if no tasks are left. */
        private Future<@Nullable String> tasks(Owner agent, String after) {
            String key = agent.shard().registry(agent.id());
            return line.send(Request.cmd(Command.HKEYS).arg(key)).compose(reply -> {
                List<String> fields = Replies.texts(reply).stream()
                        .filter(field -> field.compareTo(after) > 0)
                        .sorted()
                        .limit(limit - items.size() + 1L)
                        .toList();
                List<SizedReads.Field> asked = fields.stream()
                        .map(field -> new SizedReads.Field(key, field))
                        .toList();
                return SizedReads.sizes(line, asked, 1).compose(sizes -> tasks(agent, after, fields, sizes));
            });
        }

        private Future<@Nullable String> tasks(Owner agent, String after, List<String> fields, List<Long> sizes) {
            int count = 0;
            long planned = 0;
            while (count < fields.size() && items.size() + count < limit && bytes.fits(planned, sizes.get(count))) {
                planned += sizes.get(count++);
            }
            if (count == 0) {
                return Future.succeededFuture(fields.isEmpty() ? null : after);
            }
            List<String> shown = fields.subList(0, count);
            @Nullable String end = count < fields.size() ? shown.get(count - 1) : null;
            return line.send(HashReads.fields(agent.shard().registry(agent.id()), shown))
                    .map(values -> {
                        for (int i = 0; i < shown.size(); i++) {
                            if (values.get(i) != null) {
                                add(view(agent.id(), shown.get(i), values.get(i).toBuffer()));
                            }
                        }
                        return end;
                    });
        }

        /** Adds the schedules after a position. Returns the position of the page's end, or null if none are left. */
        private Future<@Nullable String> schedules(Owner agent, String after) {
            return line.send(Request.cmd(Command.HKEYS)
                            .arg(RedisKeys.Projection.of(projectId).schedules()))
                    .compose(reply -> {
                        List<String> mine = Replies.texts(reply).stream()
                                .filter(subject -> SubjectKey.of(subject).name().equals(agent.id()))
                                .filter(subject ->
                                        isBehind(after, SubjectKey.of(subject).engine(), null))
                                .sorted(Comparator.comparing(
                                        subject -> SubjectKey.of(subject).engine()))
                                .toList();
                        return schedules(agent, mine, after);
                    });
        }

        /** Reads the records of an agent's engines one after the other, since each may hold many schedules. */
        private Future<@Nullable String> schedules(Owner agent, List<String> subjects, String after) {
            if (subjects.isEmpty()) {
                return Future.succeededFuture(null);
            }
            String subject = subjects.get(0);
            return line.send(Request.cmd(Command.HGET)
                            .arg(RedisKeys.Projection.of(projectId).schedules())
                            .arg(subject))
                    .compose(record -> {
                        String engine = SubjectKey.of(subject).engine();
                        String last = after;
                        if (record != null) {
                            for (Map.Entry<String, JsonObject> schedule : Schedules.decode(
                                            record.toString(StandardCharsets.UTF_8))
                                    .entries()
                                    .entrySet()) {
                                if (!isBehind(after, engine, schedule.getKey())) {
                                    continue;
                                }
                                Json view = view(agent.id(), engine, schedule.getKey(), schedule.getValue());
                                if (!hasRoom(view.size())) {
                                    return Future.succeededFuture(last);
                                }
                                add(view);
                                last = engine + "|" + schedule.getKey() + SCHEDULE;
                            }
                        }
                        return schedules(agent, subjects.subList(1, subjects.size()), last);
                    });
        }
    }

    private record Owner(RedisKeys.Shard shard, String id) {}

    /**
     * Whether a schedule comes after a position; without a name, whether any schedule of the engine may.
     *
     * @param position position of the last schedule shown, or {@link #SCHEDULE} alone if none was
     */
    private static boolean isBehind(String position, String engine, @Nullable String name) {
        int bar = position.indexOf('|');
        if (bar < 0) {
            return true;
        }
        int order = engine.compareTo(position.substring(0, bar));
        return order > 0
                || (order == 0
                        && (name == null
                                || name.compareTo(position.substring(bar + 1, position.length() - SCHEDULE.length()))
                                        > 0));
    }

    private static Json view(String agentId, String engine, String name, JsonObject entry) {
        return Json.ofCanonical(new JsonObject()
                .put("agent_id", agentId)
                .put("engine", engine)
                .put("name", name)
                .put("kind", "schedule")
                .put("entry", entry)
                .toBuffer()
                .getBytes());
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
