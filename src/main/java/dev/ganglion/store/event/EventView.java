package dev.ganglion.store.event;

import dev.ganglion.event.EventQuery;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.event.EventKinds;
import dev.ganglion.protocol.event.EventReader;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.stream.StreamEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts the stored events that match a query to the JSON of the REST API. The {@code data} of an event is returned
 * exactly as stored.
 */
final class EventView {
    private static final Pattern RFC_3339_UTC = Pattern.compile("[\\d-]{10}T[\\d:]{8}(\\.\\d+)?Z");

    /**
     * An event to return, with what is needed to look up its first report.
     *
     * @param subject task of the event; null if the event has no task
     * @param place where the event is stored
     */
    record ShownEvent(Json json, String id, @Nullable String subject, EventPlace place) {
        /**
         * Adds {@code duplicate_of} if another event reported the same transition first.
         *
         * @param first id of the first report; null if unknown
         */
        Json marked(@Nullable String first) {
            if (first == null || first.equals(id)) {
                return json;
            }
            Buffer view = Buffer.buffer(json.size() + 60)
                    .appendBytes(json.utf8(), 0, json.size() - 1)
                    .appendString(",\"duplicate_of\":\"" + first + "\"}");
            return Json.ofCanonical(view.getBytes());
        }
    }

    /**
     * A batch of a shard.
     *
     * @param within number of events, from the first of the batch, that are still to be returned
     */
    record Batch(int shard, StreamEntry entry, int within) {}

    private final EventQuery query;

    EventView(EventQuery query) {
        this.query = query;
    }

    /**
     * Adds up to {@code room} events of a batch, newest first, as long as the page has room for their bytes.
     *
     * @return number of events that are then still to be returned; 0 if the batch is finished
     */
    int addNewestFirst(Batch batch, int room, List<ShownEvent> items, PageBytes page) {
        int shard = batch.shard();
        StreamEntry entry = batch.entry();
        Json events = entry.events();
        if (events == null) {
            return 0;
        }
        List<ShownEvent> found = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        EventReader reader = new EventReader(events);
        while (reader.next() && reader.index() < batch.within()) {
            if (matches(reader)) {
                found.add(view(shard, entry, reader));
                places.add(reader.index());
            }
        }
        int shown = 0;
        for (int i = found.size() - 1; i >= 0; i--) {
            long size = found.get(i).json().size();
            if (shown == room || !page.fits(size)) {
                return places.get(i) + 1;
            }
            page.add(size);
            items.add(found.get(i));
            shown++;
        }
        return 0;
    }

    private boolean matches(EventReader event) {
        if (differs(query.engine(), event.engine())
                || differs(query.taskId(), event.taskId())
                || (!query.kinds().isEmpty() && !query.kinds().contains(EventKinds.listed(event.kind())))) {
            return false;
        }
        if (query.since() == null && query.until() == null) {
            return true;
        }
        Instant at = event.occurredInstant();
        return (query.since() == null || !at.isBefore(query.since()))
                && (query.until() == null || at.isBefore(query.until()));
    }

    private static boolean differs(@Nullable String asked, @Nullable String found) {
        return asked != null && !asked.equals(found);
    }

    /** REST times are RFC 3339 in UTC. A time that the agent already sent in this form stays unchanged. */
    private static String utc(EventReader event) {
        String text = event.occurredAt();
        return RFC_3339_UTC.matcher(text).matches()
                ? text
                : event.occurredInstant().toString();
    }

    private static ShownEvent view(int shard, StreamEntry entry, EventReader event) {
        String taskId = event.taskId();
        String subject = taskId == null || taskId.isEmpty()
                ? null
                : SubjectKey.cut(event.engine(), taskId).text();
        EventPlace place = new EventPlace(shard, entry.id(), event.index());
        return new ShownEvent(json(entry, event), event.id(), subject, place);
    }

    private static Json json(StreamEntry entry, EventReader event) {
        String head = new JsonObject()
                .put("id", event.id())
                .put("agent_id", entry.agentId())
                .put("engine", event.engine())
                .put("task_id", event.taskId())
                .put("kind", EventKinds.listed(event.kind()))
                .put("occurred_at", utc(event))
                .put("received_at", Instant.ofEpochMilli(entry.millis()).toString())
                .encode();
        Buffer view = Buffer.buffer(head.substring(0, head.length() - 1))
                .appendString(",\"data\":")
                .appendBytes(event.data().utf8())
                .appendString("}");
        return Json.ofCanonical(view.getBytes());
    }
}
