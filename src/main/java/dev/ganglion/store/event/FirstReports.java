package dev.ganglion.store.event;

import dev.ganglion.projection.run.ReportPosition;
import dev.ganglion.projection.run.Task;
import dev.ganglion.protocol.event.EventReader;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.stream.EntryReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the events that reported transitions first. A task knows where its reports are stored; the id of a first report
 * is read from there, unless the page shows that event. Serves one page.
 */
final class FirstReports {
    private static final Comparator<ReportPosition> BY_STORAGE = Comparator.<ReportPosition>comparingLong(position ->
                    Long.parseLong(position.entry(), 0, position.entry().indexOf('-'), 10))
            .thenComparingInt(ReportPosition::shard)
            .thenComparingLong(position -> Long.parseLong(
                    position.entry(),
                    position.entry().indexOf('-') + 1,
                    position.entry().length(),
                    10))
            .thenComparingInt(ReportPosition::index);

    /** The first report of each report of a transition that several processes reported. */
    private final Map<EventPlace, EventPlace> firsts = new HashMap<>();

    private final Map<EventPlace, String> ids = new HashMap<>();

    /** Notes where the reports of a task are stored. */
    void add(Task task) {
        Map<Integer, List<ReportPosition>> transitions = new HashMap<>();
        task.positions()
                .forEach(position -> transitions
                        .computeIfAbsent(position.transition(), number -> new ArrayList<>())
                        .add(position));
        transitions.values().stream().filter(reports -> reports.size() > 1).forEach(reports -> {
            EventPlace first = place(reports.stream().min(BY_STORAGE).orElseThrow());
            reports.forEach(report -> firsts.put(place(report), first));
        });
    }

    private static EventPlace place(ReportPosition position) {
        return new EventPlace(position.shard(), position.entry(), position.index());
    }

    /** Finds the ids of the first reports of these events. */
    Future<Void> find(SharedLine line, String projectId, List<EventView.ShownEvent> shown) {
        shown.forEach(event -> ids.put(event.place(), event.id()));
        Map<EntryReader.Entry, List<EventPlace>> missing = new HashMap<>();
        for (EventView.ShownEvent event : shown) {
            EventPlace first = firsts.get(event.place());
            if (first != null && !ids.containsKey(first)) {
                EntryReader.Entry entry =
                        new EntryReader.Entry(RedisKeys.Shard.of(projectId, first.shard()), first.entry());
                missing.computeIfAbsent(entry, e -> new ArrayList<>()).add(first);
            }
        }
        Promise<Void> done = Promise.promise();
        read(new EntryReader(line), new ArrayList<>(missing.keySet()), missing, done);
        return done.future();
    }

    /** Reads one batch after the other, since each may be large. One promise serves all. */
    private void read(
            EntryReader reader,
            List<EntryReader.Entry> left,
            Map<EntryReader.Entry, List<EventPlace>> missing,
            Promise<Void> done) {
        if (left.isEmpty()) {
            done.complete();
            return;
        }
        EntryReader.Entry entry = left.remove(left.size() - 1);
        reader.events(entry).onFailure(done::fail).onSuccess(events -> {
            events.ifPresent(array -> note(array, missing.getOrDefault(entry, List.of())));
            read(reader, left, missing, done);
        });
    }

    private void note(Json array, List<EventPlace> places) {
        EventReader events = new EventReader(array);
        while (events.next()) {
            for (EventPlace place : places) {
                if (place.index() == events.index()) {
                    ids.put(place, events.id());
                }
            }
        }
    }

    /** The id of the first report; null if it is unknown, because its event was deleted or no other is known. */
    @Nullable
    String of(EventView.ShownEvent event) {
        EventPlace first = firsts.get(event.place());
        return first == null ? null : ids.get(first);
    }
}
