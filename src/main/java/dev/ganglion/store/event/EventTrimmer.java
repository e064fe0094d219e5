package dev.ganglion.store.event;

import dev.ganglion.auth.Project;
import dev.ganglion.store.agent.RedisProjects;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trims the stored events of every project, once per {@link #INTERVAL}. Several nodes may trim at the same time. */
public final class EventTrimmer {
    static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Logger LOG = LoggerFactory.getLogger(EventTrimmer.class);

    private final Vertx vertx;
    private final RedisProjects projects;
    private final RedisEventStore events;
    private long timer = -1;
    private boolean busy;

    public EventTrimmer(Vertx vertx, RedisProjects projects, RedisEventStore events) {
        this.vertx = vertx;
        this.projects = projects;
        this.events = events;
    }

    public void start() {
        timer = vertx.setPeriodic(INTERVAL.toMillis(), tick -> trim());
        trim(); // the limits may be lower than before the start, and Redis may be full
    }

    public void stop() {
        vertx.cancelTimer(timer);
    }

    private void trim() {
        if (busy) {
            return;
        }
        busy = true;
        projects.all()
                .compose(this::each)
                .onFailure(failure ->
                        LOG.atDebug().setCause(failure).log("Failed to trim the stored events; retrying in 15 s"))
                .onComplete(done -> busy = false);
    }

    private Future<Void> each(List<Project> all) {
        Future<Void> chain = Future.succeededFuture();
        for (Project project : all) {
            chain = chain.compose(done -> events.trim(project.id(), project.shards()))
                    .mapEmpty();
        }
        return chain;
    }
}
