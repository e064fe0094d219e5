package dev.ganglion.testing.projection;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionCounts;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.ShardProgress;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that keeps projections in plain maps, for tests. It stands for the store; {@link #node} gives the engine as
 * one node sees it.
 */
public final class MemoryProjections {
    /** A stored task. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(byte[] record, long bornMs) {}

    private static final class Projection {
        private @Nullable String owner;
        private long until = -1;
        private long epoch;
        private long step;
        private final Map<Integer, ShardProgress> progress = new TreeMap<>();
        /** Tasks in the order of their birth. */
        private final Map<SubjectKey, Row> tasks = new LinkedHashMap<>();

        private final Map<ProjectionTable, Map<String, String>> tables = new EnumMap<>(ProjectionTable.class);
        private final Map<BlockField, byte[]> blocks = new HashMap<>();
        private final Map<String, Long> counts = new TreeMap<>();
        private final Map<Long, Map<String, Long>> hours = new TreeMap<>();

        private Map<String, String> table(ProjectionTable table) {
            return tables.computeIfAbsent(table, t -> new TreeMap<>());
        }

        private void count(String what, long by) {
            long now = counts.merge(what, by, Long::sum);
            if (now == 0) {
                counts.remove(what);
            }
        }
    }

    private final LongSupplier clock;
    private final List<ProjectionEngine.Place> places = new ArrayList<>();
    private final Map<String, Projection> projections = new HashMap<>();

    /**
     * Creates an empty store.
     *
     * @param clock the time, in milliseconds since 1970
     */
    public MemoryProjections(LongSupplier clock) {
        this.clock = clock;
    }

    /** Adds a project. */
    public void add(ProjectionEngine.Place place) {
        places.add(place);
    }

    /** Removes a project. */
    public void remove(ProjectionEngine.Place place) {
        places.remove(place);
    }

    private Projection of(ProjectionEngine.Place place) {
        return projections.computeIfAbsent(place.projectId(), id -> new Projection());
    }

    /** The tasks that are kept, oldest first. */
    public Map<SubjectKey, Task> tasks(ProjectionEngine.Place place) {
        Map<SubjectKey, Task> tasks = new LinkedHashMap<>();
        of(place).tasks.forEach((key, row) -> tasks.put(key, Task.decode(row.record)));
        return tasks;
    }

    /** The counters. */
    public Map<String, Long> counts(ProjectionEngine.Place place) {
        return Map.copyOf(of(place).counts);
    }

    /** The counters of events by hour since 1970 and {@code minute|kind}. */
    public Map<Long, Map<String, Long>> hours(ProjectionEngine.Place place) {
        return of(place).hours;
    }

    /** The records of a table. */
    public Map<String, String> table(ProjectionEngine.Place place, ProjectionTable table) {
        return of(place).table(table);
    }

    /** The stored values of aggregates. */
    public Map<BlockField, byte[]> blocks(ProjectionEngine.Place place) {
        return of(place).blocks;
    }

    /** Reads the tasks as lists show them. */
    public TaskStore reader() {
        return new Reader();
    }

    private final class Reader implements TaskStore {
        private Map<SubjectKey, Row> rows(String projectId) {
            Projection kept = projections.get(projectId);
            return kept == null ? Map.of() : kept.tasks;
        }

        @Override
        public Future<Page> list(String projectId, TaskQuery query) {
            List<Map.Entry<SubjectKey, Row>> newestFirst =
                    new ArrayList<>(rows(projectId).entrySet());
            Collections.reverse(newestFirst);
            List<JsonObject> items = new ArrayList<>();
            boolean begun = query.cursor() == null;
            String last = null;
            for (Map.Entry<SubjectKey, Row> each : newestFirst) {
                Task task = Task.decode(each.getValue().record);
                boolean shown =
                        begun && query.filter().matches(each.getKey(), task) && isWithin(each.getValue().bornMs, query);
                begun |= each.getKey().text().equals(query.cursor());
                if (shown && items.size() == query.limit()) {
                    return Future.succeededFuture(new Page(items, last));
                } else if (shown) {
                    items.add(task.view(each.getKey()));
                    last = each.getKey().text();
                }
            }
            return Future.succeededFuture(new Page(items, null));
        }

        private static boolean isWithin(long bornMs, TaskQuery query) {
            return (query.since() == null || bornMs >= query.since().toEpochMilli())
                    && (query.until() == null || bornMs < query.until().toEpochMilli());
        }

        @Override
        public Future<Optional<Task>> find(String projectId, SubjectKey subject) {
            return Future.succeededFuture(
                    Optional.ofNullable(rows(projectId).get(subject)).map(row -> Task.decode(row.record)));
        }

        @Override
        public Future<Map<String, Task>> findAll(String projectId, String engine, List<String> taskIds) {
            Map<String, Task> found = new HashMap<>();
            rows(projectId).forEach((key, row) -> {
                if (key.engine().equals(engine) && taskIds.contains(key.name())) {
                    found.put(key.name(), Task.decode(row.record));
                }
            });
            return Future.succeededFuture(found);
        }
    }

    /** The engine as a node uses it. */
    public ProjectionEngine node(String name) {
        return new Node(name);
    }

    private final class Node implements ProjectionEngine {
        private final String name;

        private Node(String name) {
            this.name = name;
        }

        @Override
        public Future<List<Place>> places() {
            return Future.succeededFuture(List.copyOf(places));
        }

        @Override
        public Future<Optional<Lease>> acquire(Place place, Duration time, Duration freeFor) {
            Projection kept = of(place);
            long now = clock.getAsLong();
            if (kept.until < 0) {
                kept.until = now;
            }
            if (!name.equals(kept.owner) && now < kept.until + freeFor.toMillis()) {
                return Future.succeededFuture(Optional.empty());
            }
            kept.owner = name;
            kept.until = now + time.toMillis();
            kept.epoch++;
            Map<Integer, ShardProgress> progress = new HashMap<>();
            for (int shard = 0; shard < place.shards(); shard++) {
                progress.put(shard, kept.progress.getOrDefault(shard, ShardProgress.START));
            }
            return Future.succeededFuture(Optional.of(new Lease(place, kept.epoch, kept.step, progress)));
        }

        @Override
        public Future<Map<SubjectKey, Task>> loadTasks(Lease lease, Set<SubjectKey> keys) {
            Map<SubjectKey, Task> found = new HashMap<>();
            for (SubjectKey key : keys) {
                Row row = of(lease.place()).tasks.get(key);
                if (row != null) {
                    found.put(key, Task.decode(row.record));
                }
            }
            return Future.succeededFuture(found);
        }

        @Override
        public Future<Map<ProjectionTable, Map<String, String>>> load(
                Lease lease, Map<ProjectionTable, Set<String>> wanted) {
            Map<ProjectionTable, Map<String, String>> found = new EnumMap<>(ProjectionTable.class);
            wanted.forEach((table, keys) -> {
                Map<String, String> records = new HashMap<>(of(lease.place()).table(table));
                records.keySet().retainAll(keys);
                found.put(table, records);
            });
            return Future.succeededFuture(found);
        }

        @Override
        public Future<Map<BlockField, byte[]>> loadBlocks(Lease lease, Set<BlockField> wanted) {
            Map<BlockField, byte[]> found = new HashMap<>(of(lease.place()).blocks);
            found.keySet().retainAll(wanted);
            return Future.succeededFuture(found);
        }

        private boolean holds(Projection kept, Lease lease) {
            return name.equals(kept.owner) && kept.epoch == lease.epoch();
        }

        @Override
        public Future<Optional<Long>> apply(Lease lease, ProjectionChanges changes, Duration time) {
            Projection kept = of(lease.place());
            if (!holds(kept, lease) || kept.step != lease.step()) {
                return Future.succeededFuture(Optional.empty());
            }
            kept.step++;
            kept.until = clock.getAsLong() + time.toMillis();
            kept.progress.putAll(changes.progress());
            changes.tasks().forEach((key, changed) -> {
                Row before = kept.tasks.get(key);
                if (before != null) {
                    kept.count(state(before), -1);
                }
                long born = before == null ? changed.receivedMs() : before.bornMs;
                Row row = new Row(changed.task().encode(), born);
                kept.tasks.put(key, row);
                kept.count(state(row), 1);
            });
            for (ProjectionTable table : ProjectionTable.values()) {
                kept.table(table).putAll(changes.upserts(table));
                kept.table(table).keySet().removeAll(changes.removals(table));
            }
            changes.blocks().forEach((name, block) -> kept.blocks.put(name, block.value()));
            changes.counts().forEach(kept::count);
            changes.hours()
                    .forEach((hour, minutes) -> minutes.forEach((minute, by) -> kept.hours
                            .computeIfAbsent(hour, h -> new TreeMap<>())
                            .merge(minute, by, Long::sum)));
            return Future.succeededFuture(Optional.of((long) kept.tasks.size()));
        }

        private static String state(Row row) {
            return ProjectionCounts.STATE + Task.decode(row.record).state().label();
        }

        @Override
        public Future<Optional<Long>> trim(Lease lease, long bornBeforeMs, long mostTasks, long mostBytes) {
            Projection kept = of(lease.place());
            if (!holds(kept, lease)) {
                return Future.succeededFuture(Optional.empty());
            }
            for (SubjectKey key : List.copyOf(kept.tasks.keySet())) {
                Row row = Objects.requireNonNull(kept.tasks.get(key));
                long bytes = kept.tasks.values().stream()
                        .mapToLong(each -> each.record.length)
                        .sum();
                if (row.bornMs >= bornBeforeMs && kept.tasks.size() <= mostTasks && bytes <= mostBytes) {
                    break;
                }
                kept.tasks.remove(key);
                kept.count(state(row), -1);
            }
            return Future.succeededFuture(Optional.of((long) kept.tasks.size()));
        }

        @Override
        public Future<Survey> survey(Lease lease, long heardBeforeMs) {
            return Future.succeededFuture(new Survey(Map.of(), Map.of(), Set.of(), Set.of()));
        }

        @Override
        public Future<Void> release(Lease lease) {
            Projection kept = of(lease.place());
            if (holds(kept, lease)) {
                kept.owner = null;
                kept.until = clock.getAsLong();
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> drop(Place place) {
            projections.remove(place.projectId());
            return Future.succeededFuture();
        }
    }
}
