package dev.ganglion.projection.engine;

import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers the ids of the last 16 events of one engine worker, queue or agent's schedules, so that each event counts
 * once.
 */
final class RecentIds {
    private static final int KEPT = 16;

    private final Deque<String> ids = new ArrayDeque<>();

    static RecentIds of(JsonArray kept) {
        RecentIds recent = new RecentIds();
        kept.forEach(id -> recent.ids.add((String) id));
        return recent;
    }

    /** Adds an id. Returns false if the id is already known. */
    boolean add(String id) {
        if (ids.contains(id)) {
            return false;
        }
        ids.add(id);
        if (ids.size() > KEPT) {
            ids.remove();
        }
        return true;
    }

    JsonArray json() {
        JsonArray json = new JsonArray();
        ids.forEach(json::add);
        return json;
    }
}
