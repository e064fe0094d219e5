package dev.ganglion.projection.engine;

import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.task.TaskText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of one engine of an agent. Created, updated and run events set one schedule, and a deleted event
 * removes one. Events older than the stored schedule change nothing. Not thread-safe.
 *
 * <p>A snapshot replaces all schedules that are older than it. A snapshot may arrive in parts with the same {@code
 * snapshot_id}. Its terminal part removes the schedules outside the snapshot, if as many schedules arrived as the part
 * announces.
 */
public final class Schedules {
    /** Largest number of schedules of one engine of an agent; further ones are skipped. */
    static final int MAX_SCHEDULES = 1_000;
    /** Longest schedule, in characters of JSON. */
    static final int MAX_ENTRY = 2_048;
    /** Largest size of all schedules of one engine of an agent, in characters of JSON; further ones are skipped. */
    static final int MAX_TOTAL = 512 << 10;

    private static final long MICROS_PER_SECOND = 1_000_000;

    /**
     * A stored schedule.
     *
     * @param snapshot id of the snapshot that last contained it; empty for none
     */
    private record Kept(JsonObject entry, long at, String snapshot) {
        JsonArray json() {
            return new JsonArray().add(entry).add(at).add(snapshot);
        }
    }

    private final RecentIds recent;
    private final Map<String, Kept> kept = new TreeMap<>();
    /** Size of the schedules in characters of JSON. Removed ones count until the schedules are stored. */
    private long size;

    private Schedules(RecentIds recent) {
        this.recent = recent;
    }

    /** Decodes stored schedules; null means none. */
    public static Schedules decode(@Nullable String text) {
        if (text == null) {
            return new Schedules(new RecentIds());
        }
        JsonObject json = new JsonObject(text);
        Schedules schedules = new Schedules(RecentIds.of(json.getJsonArray("e")));
        schedules.size = text.length();
        json.getJsonObject("s").forEach(member -> {
            JsonArray one = (JsonArray) member.getValue();
            schedules.kept.put(member.getKey(), new Kept(one.getJsonObject(0), one.getLong(1), one.getString(2)));
        });
        return schedules;
    }

    /** Encodes the schedules as JSON for the store. */
    public String encode() {
        JsonObject all = new JsonObject();
        kept.forEach((name, one) -> all.put(name, one.json()));
        return new JsonObject().put("s", all).put("e", recent.json()).encode();
    }

    /** Applies a {@code schedule.…} event. Returns false if the event was applied before. */
    public boolean apply(TaskEvent event) {
        if (!recent.add(event.id())) {
            return false;
        }
        if (event.kind().equals("schedule.snapshot")) {
            snapshot(event);
            return true;
        }
        JsonObject entry = event.data().getValue("schedule") instanceof JsonObject schedule ? schedule : event.data();
        String name = name(entry);
        if (name == null) {
            return true;
        }
        switch (event.kind()) {
            case "schedule.deleted" -> {
                Kept known = kept.get(name);
                if (known != null && known.at <= event.micros()) {
                    kept.remove(name);
                }
            }
            case "schedule.run_started" -> recordRun(name, "last_run_started_at", event);
            case "schedule.run_completed" -> recordRun(name, "last_run_completed_at", event);
            default -> set(name, entry, event.micros(), "");
        }
        return true;
    }

    private void recordRun(String name, String field, TaskEvent event) {
        Kept known = kept.get(name);
        JsonObject entry = known == null ? new JsonObject().put("name", name) : known.entry.copy();
        String time = Instant.ofEpochSecond(
                        event.micros() / MICROS_PER_SECOND, event.micros() % MICROS_PER_SECOND * 1_000)
                .toString();
        if (known == null && kept.size() >= MAX_SCHEDULES) {
            return;
        }
        if (!(entry.getValue(field) instanceof String before) || before.compareTo(time) < 0) {
            entry.put(field, time);
        }
        kept.put(name, known == null ? new Kept(entry, event.micros(), "") : new Kept(entry, known.at, known.snapshot));
    }

    private void set(String name, JsonObject entry, long at, String snapshot) {
        Kept known = kept.get(name);
        if (known == null ? kept.size() >= MAX_SCHEDULES : known.at > at) {
            return;
        }
        JsonObject shown = entry.encode().length() <= MAX_ENTRY ? entry.copy() : cut(name, entry);
        long grown = (long) name.length() + shown.encode().length();
        if (size + grown > MAX_TOTAL
                && (known == null
                        || grown > name.length() + known.entry.encode().length())) {
            return;
        }
        size += grown;
        if (known != null) { // keep the times of runs until a schedule contains them itself
            for (String field : new String[] {"last_run_started_at", "last_run_completed_at"}) {
                if (!shown.containsKey(field) && known.entry.containsKey(field)) {
                    shown.put(field, known.entry.getValue(field));
                }
            }
        }
        kept.put(name, new Kept(shown, at, snapshot));
    }

    private static JsonObject cut(String name, JsonObject entry) {
        JsonObject small = new JsonObject().put("name", name);
        for (String field : new String[] {"kind", "expression", "task_name", "timezone", "is_enabled"}) {
            if (entry.getValue(field) instanceof String text) {
                small.put(field, TaskText.cut(text, 200));
            } else if (entry.getValue(field) instanceof Boolean flag) {
                small.put(field, flag);
            }
        }
        return small.put("cut", true);
    }

    private void snapshot(TaskEvent event) {
        JsonObject part =
                event.data().getValue("external_snapshot_frame") instanceof JsonObject frame ? frame : event.data();
        String id = part.getValue("snapshot_id") instanceof String text ? text : event.id();
        JsonArray rows = part.getValue("schedules") instanceof JsonArray array ? array : new JsonArray();
        for (Object row : rows) {
            if (row instanceof JsonObject entry) {
                String name = name(entry);
                if (name != null) {
                    set(name, entry, event.micros(), id);
                }
            }
        }
        Object form = part.getValue("frame_kind");
        if (form == null || (form.equals("terminal") && isWhole(part, id))) {
            kept.values().removeIf(one -> one.at <= event.micros() && !one.snapshot.equals(id));
        }
    }

    private boolean isWhole(JsonObject part, String id) {
        long arrived =
                kept.values().stream().filter(one -> one.snapshot.equals(id)).count();
        return part.getValue("row_count") instanceof Integer count && arrived >= Math.min(count, MAX_SCHEDULES);
    }

    private static @Nullable String name(JsonObject entry) {
        for (String key : new String[] {"name", "schedule_name"}) {
            if (entry.getValue(key) instanceof String text && !text.isEmpty()) {
                return TaskText.cut(text, TaskText.MAX_NAME);
            }
        }
        return null;
    }

    /** The names of the schedules, sorted. */
    public Set<String> names() {
        return kept.keySet();
    }

    /** All schedules as REST returns them, by name. */
    public Map<String, JsonObject> entries() {
        return kept.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().entry(), (a, b) -> a, TreeMap::new));
    }
}
