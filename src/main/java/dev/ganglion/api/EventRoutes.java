package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RequestTimes;
import dev.ganglion.event.EventPage;
import dev.ganglion.event.EventQuery;
import dev.ganglion.event.EventStore;
import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** REST operations for events and the task registry. Responses contain the stored bytes unchanged. */
final class EventRoutes {
    private final ProjectRoutes projects;
    private final EventStore events;
    private final RegistryStore registry;

    EventRoutes(ProjectRoutes projects, EventStore events, RegistryStore registry) {
        this.projects = projects;
        this.events = events;
        this.registry = registry;
    }

    Future<Reply> events(Call call) {
        EventQuery query = new EventQuery(
                call.query("engine"),
                call.query("task_id"),
                call.query("kind"),
                time(call, "since"),
                time(call, "until"),
                call.cursor(),
                call.limit());
        return projects.ofPath(call)
                .compose(project -> events.events(project.id(), project.shards(), query))
                .map(EventRoutes::page);
    }

    Future<Reply> registry(Call call) {
        return projects.ofPath(call)
                .compose(project -> registry.registry(project.id(), project.shards(), call.cursor(), call.limit()))
                .map(page -> Reply.ok(page(page.items(), page.nextCursor())));
    }

    private static Reply page(EventPage page) {
        return Reply.ok(page(page.items(), page.nextCursor()));
    }

    static Buffer page(List<Json> items, @Nullable String nextCursor) {
        Buffer body = Buffer.buffer("{\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                body.appendByte((byte) ',');
            }
            body.appendBytes(items.get(i).utf8());
        }
        // A cursor is URL-safe text and needs no escapes.
        return body.appendString("],\"next_cursor\":")
                .appendString(nextCursor == null ? "null" : '"' + nextCursor + '"')
                .appendString("}");
    }

    static @Nullable Instant time(Call call, String parameter) {
        return RequestTimes.of(call.query(parameter), parameter);
    }
}
