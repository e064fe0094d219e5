package dev.ganglion.store.projection;

import dev.ganglion.projection.TaskOrder;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.Task;
import dev.ganglion.projection.task.TaskQuery;
import dev.ganglion.projection.task.TaskStore;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads projected tasks. If agents of several shards report a task, the store merges the records of all these shards.
 * It lists the task once, at its position in the first of them.
 */
public final class RedisTasks implements TaskStore {
    /** Most tasks that a filtered read examines before it returns a page and a cursor. */
    private static final int SCAN_TASKS = 2_000;

    private static final int CHUNK = 100;
    /** Tasks that are read at once without asking for their sizes. */
    private static final int SLICE = 32;

    private static final Pattern POSITIONS = Pattern.compile("t:(\\d{1,16}(?:,\\d{1,16})*)");

    private final SharedLine line;

    public RedisTasks(SharedLine line) {
        this.line = line;
    }

    /**
     * A task at its position in a shard.
     *
     * @param number position in the shard's order
     * @param task null if an earlier shard lists the task
     */
    private record Found(String key, long number, @Nullable Task task) {}

    @Override
    public Future<Page> list(String projectId, int shards, TaskQuery query) {
        return Future.succeededFuture().compose(start -> new Read(projectId, shards, query).run());
    }

    @Override
    public Future<Optional<Task>> find(String projectId, int shards, SubjectKey subject) {
        return load(projectId, shards, List.of(subject.text()))
                .map(found -> Optional.ofNullable(found.get(subject.text())).map(Known::task));
    }

    @Override
    public Future<Map<String, Task>> findAll(String projectId, int shards, String engine, List<String> taskIds) {
        List<String> keys =
                taskIds.stream().map(id -> new SubjectKey(engine, id).text()).toList();
        return load(projectId, shards, keys).map(found -> {
            Map<String, Task> tasks = new HashMap<>();
            found.forEach((key, known) -> tasks.put(SubjectKey.of(key).name(), known.task()));
            return tasks;
        });
    }

    /**
     * A task and the shard that lists it.
     *
     * @param shard first shard that has a record of the task
     */
    private record Known(Task task, int shard) {}

    /** Passes on tasks by key, merged over all shards. Reads a few of them at once, since tasks may be large. */
    public Future<Void> each(String projectId, int shards, List<String> keys, BiConsumer<String, Task> consumer) {
        if (keys.isEmpty()) {
            return Future.succeededFuture();
        }
        int count = Math.min(SLICE, keys.size());
        return load(projectId, shards, keys.subList(0, count)).compose(found -> {
            found.forEach((key, known) -> consumer.accept(key, known.task()));
            return each(projectId, shards, keys.subList(count, keys.size()), consumer);
        });
    }

    /** Loads tasks by key, merged over all shards. */
    private Future<Map<String, Known>> load(String projectId, int shards, List<String> keys) {
        if (keys.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        List<Request> requests = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            requests.add(
                    RedisProjections.fields(RedisKeys.Shard.of(projectId, shard).tasks(), keys));
        }
        return line.batch(requests).map(replies -> {
            Map<String, Known> tasks = new HashMap<>();
            for (int shard = 0; shard < shards; shard++) {
                int in = shard;
                RedisProjections.present(keys, replies.get(shard))
                        .forEach((key, record) -> tasks.merge(
                                key,
                                new Known(Task.decode(record), in),
                                (first, other) -> new Known(first.task().merge(other.task()), first.shard())));
            }
            return tasks;
        });
    }

    /** Reads the tasks of one shard from a position on, youngest first. */
    private final class Scan {
        private final String projectId;
        private final int shards;
        private final int shard;
        private final long oldest;
        private final Deque<Found> read = new ArrayDeque<>();
        /** Tasks with this number or a higher one are finished. */
        private long done;
        /** Tasks with this number or a higher one were read. */
        private long next;

        private Scan(String projectId, int shards, int shard, long done, long oldest) {
            this.projectId = projectId;
            this.shards = shards;
            this.shard = shard;
            this.done = done;
            this.next = done;
            this.oldest = oldest;
        }

        private Future<Void> fill() {
            if (!read.isEmpty() || done <= oldest) {
                return Future.succeededFuture();
            }
            return line.send(Request.cmd(Command.ZRANGE)
                            .arg(RedisKeys.Shard.of(projectId, shard).tasksInOrder())
                            .arg("(" + next)
                            .arg(oldest)
                            .arg("BYSCORE")
                            .arg("REV")
                            .arg("LIMIT")
                            .arg(0)
                            .arg(CHUNK)
                            .arg("WITHSCORES"))
                    .compose(reply -> {
                        List<Found> found = pairs(reply);
                        if (found.isEmpty()) {
                            done = oldest;
                            return Future.succeededFuture();
                        }
                        return sizes(found)
                                .compose(sizes -> load(
                                        found.subList(0, SizedReads.endOfSlice(sizes, 0, PageBytes.SLICE / shards))));
                    });
        }

        /** Returns the size of each task's record in this shard, in bytes. */
        private Future<List<Long>> sizes(List<Found> found) {
            String key = RedisKeys.Shard.of(projectId, shard).tasks();
            return SizedReads.sizes(
                    line,
                    found.stream()
                            .map(one -> new SizedReads.Field(key, one.key()))
                            .toList(),
                    1);
        }

        /** Reads the records of tasks, which are few enough for the memory of a page. */
        private Future<Void> load(List<Found> found) {
            next = found.get(found.size() - 1).number();
            return RedisTasks.this
                    .load(projectId, shards, found.stream().map(Found::key).toList())
                    .map(tasks -> {
                        for (Found one : found) {
                            Known known = tasks.get(one.key());
                            Task task = known == null || known.shard() != shard ? null : known.task();
                            read.add(new Found(one.key(), one.number(), task));
                        }
                        return null;
                    });
        }

        private Found take() {
            Found head = read.remove();
            done = head.number();
            return head;
        }
    }

    /**
     * Decodes members with scores, which are nested pairs or a flat list, depending on the version of the Redis
     * protocol.
     */
    private static List<Found> pairs(Response reply) {
        List<Found> found = new ArrayList<>();
        boolean nested = reply.size() > 0 && reply.get(0).isArray();
        for (int i = 0; i < reply.size(); i += nested ? 1 : 2) {
            Response key = nested ? reply.get(i).get(0) : reply.get(i);
            Response score = nested ? reply.get(i).get(1) : reply.get(i + 1);
            found.add(
                    new Found(key.toString(StandardCharsets.UTF_8), (long) Double.parseDouble(score.toString()), null));
        }
        return found;
    }

    /** Builds one page. */
    private final class Read {
        private final TaskQuery query;
        private final List<Scan> scans = new ArrayList<>();
        private final List<JsonObject> items = new ArrayList<>();
        private final PageBytes bytes = new PageBytes();
        private int looked;

        private Read(String projectId, int shards, TaskQuery query) {
            this.query = query;
            Matcher cursor = Cursor.decode(query.cursor(), POSITIONS);
            String[] numbers = cursor == null ? new String[0] : cursor.group(1).split(",", -1);
            long from = query.until() == null
                    ? TaskOrder.LAST
                    : TaskOrder.first(Math.max(0, query.until().toEpochMilli()));
            long oldest = query.since() == null
                    ? 0
                    : TaskOrder.first(Math.max(0, query.since().toEpochMilli()));
            for (int shard = 0; shard < shards; shard++) {
                long done = shard < numbers.length ? Math.min(from, Long.parseLong(numbers[shard])) : from;
                scans.add(new Scan(projectId, shards, shard, done, oldest));
            }
        }

        private Future<Page> run() {
            return Future.all(scans.stream().map(Scan::fill).collect(Collectors.toList()))
                    .compose(filled -> {
                        Scan youngest = youngest();
                        while (youngest != null && !enough()) {
                            Found found = youngest.take();
                            looked++;
                            Task task = found.task();
                            if (task != null && query.matches(task)) {
                                JsonObject shown = task.view(SubjectKey.of(found.key()));
                                bytes.add(textLength(shown));
                                items.add(shown);
                            }
                            if (youngest.read.isEmpty()) {
                                return enough() ? Future.succeededFuture(page()) : run();
                            }
                            youngest = youngest();
                        }
                        return Future.succeededFuture(youngest == null ? new Page(items, null) : page());
                    });
        }

        private boolean enough() {
            return items.size() >= query.limit() || looked >= SCAN_TASKS || bytes.isFull();
        }

        /** The length of the texts of a task, which make almost all of its size. */
        private static long textLength(JsonObject shown) {
            long length = 0;
            for (Object value : shown.getMap().values()) {
                length += value instanceof String text ? text.length() : 0;
            }
            return length;
        }

        private Page page() {
            String positions =
                    scans.stream().map(scan -> String.valueOf(scan.done)).collect(Collectors.joining(","));
            return new Page(items, Cursor.encode("t:" + positions));
        }

        private @Nullable Scan youngest() {
            Scan youngest = null;
            for (Scan scan : scans) {
                Found head = scan.read.peek();
                Found best = youngest == null ? null : youngest.read.peek();
                if (head != null && (best == null || head.number() > best.number())) {
                    youngest = scan;
                }
            }
            return youngest;
        }
    }
}
