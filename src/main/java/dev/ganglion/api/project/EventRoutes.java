package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.Project;
import dev.ganglion.event.EventQuery;
import dev.ganglion.event.EventStore;
import dev.ganglion.event.RejectedEventStore;
import io.vertx.core.Future;

/** REST operations for accepted and rejected events. Replies contain the stored bytes unchanged. */
final class EventRoutes {
    private final EventStore events;
    private final RejectedEventStore rejected;

    EventRoutes(ProjectServices.Events services) {
        this.events = services.accepted();
        this.rejected = services.rejected();
    }

    void addTo(Operations operations) {
        operations.addPage("listEvents", this::events);
        operations.addPage("listDeadLetters", this::rejected);
    }

    private Future<Reply> events(Call call) {
        Project project = call.project();
        EventQuery query = new EventQuery(
                call.query("engine"),
                call.query("task_id"),
                call.list("kind"),
                call.time("since"),
                call.time("until"),
                call.cursor(),
                call.limit());
        return events.events(project.id(), project.shards(), query)
                .map(page -> Reply.rawPage(page.items(), page.nextCursor()));
    }

    private Future<Reply> rejected(Call call) {
        Project project = call.project();
        return rejected.rejectedEvents(project.id(), project.shards(), call.cursor(), call.limit())
                .map(page -> Reply.rawPage(page.items(), page.nextCursor()));
    }
}
