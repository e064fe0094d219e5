package dev.ganglion.store.agent;

import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stores projects. Each project is a hash under its own tag; a key per slug leads to the project, and a sorted set
 * lists projects by time of creation.
 */
public final class RedisProjects implements ProjectStore {
    /** Most slugs whose project ids the node remembers. */
    static final int SLUGS = 10_000;

    private static final int READ = 500;

    private final SharedLine line;
    private final ProjectData data;
    private final Map<String, String> idsBySlug = new ConcurrentHashMap<>();

    public RedisProjects(SharedLine line, ProjectData data) {
        this.line = line;
        this.data = data;
    }

    @Override
    public Future<Project> create(Project project) {
        // Write the marks and the record first, so that whoever finds the slug also finds them.
        List<Request> record = marks(project);
        record.add(write(project));
        return line.sendDurably(record)
                .compose(done -> line.sendDurably(Request.cmd(Command.SET)
                        .arg(RedisKeys.slug(project.slug()))
                        .arg(project.id())
                        .arg("NX")))
                .compose(taken -> taken == null ? conflict(project) : Future.succeededFuture())
                .compose(done -> line.sendDurably(Request.cmd(Command.ZADD)
                        .arg(RedisKeys.PROJECTS)
                        .arg(project.createdAt().toEpochMilli())
                        .arg(project.id())))
                .map(project);
    }

    private Future<Void> conflict(Project project) {
        return line.send(Request.cmd(Command.DEL).arg(RedisKeys.project(project.id())))
                .compose(done -> unmark(project))
                .compose(done -> Future.failedFuture(new GanglionException(
                        ErrorCode.CONFLICT, "slug: another project uses it, choose another slug", "slug")));
    }

    /**
     * Reads the slug and the record in one round trip if the node remembers the id. The slug in Redis decides whether
     * that id is still right.
     */
    @Override
    public Future<Optional<Project>> bySlug(String slug) {
        String before = idsBySlug.get(slug);
        Request id = Request.cmd(Command.GET).arg(RedisKeys.slug(slug));
        if (before == null) {
            return line.send(id).compose(now -> named(slug, now));
        }
        return line.batch(List.of(id, Request.cmd(Command.HGETALL).arg(RedisKeys.project(before))))
                .compose(replies ->
                        replies.get(0) != null && replies.get(0).toString().equals(before)
                                ? Future.succeededFuture(read(before, HashFields.of(replies.get(1))))
                                : named(slug, replies.get(0)));
    }

    private Future<Optional<Project>> named(String slug, @Nullable Response id) {
        if (id == null) {
            idsBySlug.remove(slug);
            return line.sameStore().map(Optional.empty());
        }
        if (idsBySlug.size() >= SLUGS) {
            idsBySlug.clear();
        }
        idsBySlug.put(slug, id.toString());
        return byId(id.toString());
    }

    /**
     * Marks every shard, as {@link #create} does, for projects of versions that wrote no marks. Reads first: a full Redis
     * refuses to set a key even if it exists.
     */
    public Future<Void> markShards() {
        return all().compose(projects -> {
            Future<Void> done = Future.succeededFuture();
            for (int from = 0; from < projects.size(); from += READ) {
                List<Project> some = projects.subList(from, Math.min(projects.size(), from + READ));
                done = done.compose(before -> markMissing(some));
            }
            return done;
        });
    }

    private Future<Void> markMissing(List<Project> projects) {
        List<Request> reads = new ArrayList<>();
        List<Request> writes = new ArrayList<>();
        for (Project project : projects) {
            writes.addAll(marks(project));
            for (int shard = 0; shard < project.shards(); shard++) {
                reads.add(Request.cmd(Command.EXISTS)
                        .arg(RedisKeys.Shard.of(project.id(), shard).mark()));
            }
        }
        return line.batch(reads).compose(known -> {
            List<Request> missing = new ArrayList<>();
            for (int i = 0; i < writes.size(); i++) {
                if (known.get(i).toInteger() == 0) {
                    missing.add(writes.get(i));
                }
            }
            return line.batch(missing).mapEmpty();
        });
    }

    private static List<Request> marks(Project project) {
        List<Request> requests = new ArrayList<>();
        for (int shard = 0; shard < project.shards(); shard++) {
            requests.add(Request.cmd(Command.SET)
                    .arg(RedisKeys.Shard.of(project.id(), shard).mark())
                    .arg(1)
                    .arg("NX"));
        }
        return requests;
    }

    private Future<Void> unmark(Project project) {
        List<Request> requests = new ArrayList<>();
        for (int shard = 0; shard < project.shards(); shard++) {
            requests.add(Request.cmd(Command.DEL)
                    .arg(RedisKeys.Shard.of(project.id(), shard).mark()));
        }
        return line.batch(requests).mapEmpty();
    }

    /** Number of slugs that the node remembers now. */
    int remembered() {
        return idsBySlug.size();
    }

    @Override
    public Future<List<Project>> byIds(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        Future<List<Project>> found = Future.succeededFuture(new ArrayList<>());
        for (int from = 0; from < all.size(); from += READ) {
            List<String> some = all.subList(from, Math.min(all.size(), from + READ));
            found = found.compose(before -> read(some).map(more -> {
                before.addAll(more);
                return before;
            }));
        }
        return found;
    }

    Future<Optional<Project>> byId(String id) {
        return line.send(Request.cmd(Command.HGETALL).arg(RedisKeys.project(id)))
                .map(reply -> read(id, HashFields.of(reply)));
    }

    @Override
    public Future<Page<Project>> list(@Nullable String cursor, int limit) {
        return SortedSetPages.page(line, RedisKeys.PROJECTS, cursor, limit, this::read);
    }

    @Override
    public Future<Page<Project>> listOf(Collection<String> ids, @Nullable String cursor, int limit) {
        int from = SortedSetPages.begin(cursor);
        return byIds(ids).map(found -> {
            found.sort(Comparator.comparing(Project::createdAt).thenComparing(Project::id));
            int begin = Math.min(from, found.size());
            int end = Math.min(found.size(), begin + limit);
            String next = end < found.size() ? Cursor.encode("" + end) : null;
            return new Page<>(List.copyOf(found.subList(begin, end)), next);
        });
    }

    /** All projects, for the background jobs of the node. */
    public Future<List<Project>> all() {
        return line.send(Request.cmd(Command.ZRANGE)
                        .arg(RedisKeys.PROJECTS)
                        .arg(0)
                        .arg(-1))
                .compose(reply -> read(Replies.texts(reply)));
    }

    private Future<List<Project>> read(List<String> ids) {
        List<Request> requests = new ArrayList<>();
        ids.forEach(id -> requests.add(Request.cmd(Command.HGETALL).arg(RedisKeys.project(id))));
        return line.batch(requests).map(replies -> {
            List<Project> items = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                read(ids.get(i), HashFields.of(replies.get(i))).ifPresent(items::add);
            }
            return items;
        });
    }

    @Override
    public Future<Void> update(Project project) {
        return line.sendDurably(write(project)).mapEmpty();
    }

    @Override
    public Future<Void> delete(Project project) {
        return line.sendDurably(List.of(
                        Request.cmd(Command.DEL).arg(RedisKeys.slug(project.slug())),
                        Request.cmd(Command.ZREM).arg(RedisKeys.PROJECTS).arg(project.id()),
                        Request.cmd(Command.DEL).arg(RedisKeys.project(project.id())),
                        Request.cmd(Command.DEL).arg(RedisKeys.agents(project.id()))))
                .compose(done -> data.drop(project.id(), project.shards()))
                .compose(done -> unmark(project));
    }

    private static Request write(Project project) {
        return Request.cmd(Command.HSET)
                .arg(RedisKeys.project(project.id()))
                .arg("slug")
                .arg(project.slug())
                .arg("name")
                .arg(project.name())
                .arg("connection_cap")
                .arg(
                        project.connectionCap() == null
                                ? ""
                                : project.connectionCap().toString())
                .arg("shards")
                .arg(project.shards())
                .arg("created_at")
                .arg(project.createdAt().toEpochMilli());
    }

    private static Optional<Project> read(String id, HashFields hash) {
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Project(
                id,
                hash.required("slug"),
                hash.required("name"),
                hash.integer("connection_cap"),
                Integer.parseInt(hash.required("shards")),
                Instant.ofEpochMilli(Long.parseLong(hash.required("created_at")))));
    }
}
