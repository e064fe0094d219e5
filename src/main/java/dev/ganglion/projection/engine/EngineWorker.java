package dev.ganglion.projection.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An engine worker: the last times at which events reported it online, alive or offline, and the details from its
 * agent's heartbeats. All times are in milliseconds since 1970. Not thread-safe.
 *
 * <p>Some engines send no events of workers. Then a worker is <em>derived</em>: from events of tasks that name it, or, if
 * the engine never names a worker, from the process that runs the tasks ({@link EngineReport#process}). A derived worker
 * is online while its process is connected to the brain, and offline after a {@code worker.offline} event or when its
 * process is not connected. If its process is unknown, the silence decides, as for other workers.
 *
 * <p>The worker's own clock orders the events, because they may arrive late. The brain's clock decides how long the
 * worker has been silent, because the worker's clock may be wrong.
 */
public final class EngineWorker {
    /** An engine worker without a report for this long has the state {@code unknown}. */
    public static final Duration SILENCE = Duration.ofMinutes(5);

    /** Shortest time between two records of tasks that name a worker. Limits the writes to the store. */
    static final Duration NAMED_INTERVAL = Duration.ofMinutes(1);

    private static final long MICROS_PER_MILLI = 1_000;

    private final RecentIds recent;
    private long online;
    private long offline;
    private long alive;
    /** Time by the brain's clock at which the last report arrived. */
    private long heard;
    /** Time by the brain's clock at which the last offline report arrived. */
    private long offlineHeard;
    /** Time by the brain's clock of the last heartbeat that mentioned the worker. */
    private long beat;

    /** Time by the worker's clock at which it last ran a task, to within {@link #NAMED_INTERVAL}. */
    private long ran;
    /** Time by the brain's clock at which a task last named the worker. */
    private long named;

    private @Nullable String agent;
    private @Nullable JsonObject details;
    private @Nullable String process;
    /** Whether the process of a derived worker is connected; null if unknown. */
    private @Nullable Boolean connected;

    private EngineWorker(RecentIds recent) {
        this.recent = recent;
    }

    /** Decodes a stored worker; null creates a worker without any report. */
    public static EngineWorker decode(@Nullable String text) {
        if (text == null) {
            return new EngineWorker(new RecentIds());
        }
        JsonObject json = new JsonObject(text);
        EngineWorker worker = new EngineWorker(RecentIds.of(json.getJsonArray("e")));
        worker.online = json.getLong("on");
        worker.offline = json.getLong("off");
        worker.alive = json.getLong("alive");
        // Records of version 0.1 lack the times by the brain's clock
        worker.heard = json.getLong("heard", Math.max(worker.offline, Math.max(worker.online, worker.alive)));
        worker.offlineHeard = json.getLong("offh", worker.offline);
        worker.ran = json.getLong("ran", 0L); // earlier records lack the tasks
        worker.named = json.getLong("named", 0L);
        worker.agent = json.getString("agent");
        return worker;
    }

    /** Encodes the worker as JSON for the store. */
    public String encode() {
        return new JsonObject()
                .put("on", online)
                .put("off", offline)
                .put("alive", alive)
                .put("heard", heard)
                .put("offh", offlineHeard)
                .put("ran", ran)
                .put("named", named)
                .put("agent", agent)
                .put("e", recent.json())
                .encode();
    }

    /** Applies a {@code worker.…} event. Returns false if the event was applied before. */
    public boolean apply(TaskEvent event) {
        if (!recent.add(event.id())) {
            return false;
        }
        long at = event.micros() / MICROS_PER_MILLI;
        if (at >= Math.max(offline, Math.max(online, alive))) {
            agent = event.agentId();
        }
        long received = event.receivedMs();
        heard = Math.max(heard, received);
        switch (event.kind()) {
            case "worker.online" -> online = Math.max(online, at);
            case "worker.offline" -> {
                offline = Math.max(offline, at);
                offlineHeard = Math.max(offlineHeard, received);
            }
            default -> alive = Math.max(alive, at);
        }
        return true;
    }

    /**
     * Records that an event of a task names this worker. Returns false if a task named it within {@link
     * #NAMED_INTERVAL}; then nothing changes.
     */
    @CanIgnoreReturnValue
    public boolean addNamedByTask(TaskEvent event) {
        long received = event.receivedMs();
        if (received - named < NAMED_INTERVAL.toMillis()) {
            return false;
        }
        long at = event.micros() / MICROS_PER_MILLI;
        if (at >= Math.max(Math.max(ran, offline), Math.max(online, alive))) {
            agent = event.agentId();
        }
        named = received;
        ran = Math.max(ran, at);
        heard = Math.max(heard, received);
        return true;
    }

    /**
     * Applies the end of a process that named this worker, but not its engine.
     *
     * @param end record of the name without an engine
     */
    public void endWith(EngineWorker end) {
        if (Objects.equals(end.agent, agent) || agent == null) {
            agent = end.agent;
            offline = Math.max(offline, end.offline);
            offlineHeard = Math.max(offlineHeard, end.offlineHeard);
            heard = Math.max(heard, end.heard);
        }
    }

    /** Whether no event of the worker itself and no heartbeat told of it. */
    public boolean isDerived() {
        return online == 0 && alive == 0 && (beat == 0 || process != null);
    }

    /** The agent that last reported the worker; null if there is no report. */
    public @Nullable String agent() {
        return agent;
    }

    /** The {@code worker_id} of the process that is this derived worker; null if it is not known to be a process. */
    public @Nullable String process() {
        return process;
    }

    /**
     * Applies whether the process of a derived worker is connected.
     *
     * @param seenMs time when a frame of the process last took effect; 0 if it is not connected
     */
    public void connected(boolean now, long seenMs) {
        connected = now;
        beat = Math.max(beat, seenMs);
        heard = Math.max(heard, seenMs);
    }

    /** Applies a report of one of its agent's heartbeats, or of the process that is this worker. */
    @CanIgnoreReturnValue
    public EngineWorker report(EngineReport report) {
        if (report.atMs() >= heard) {
            agent = report.agentId();
        }
        beat = Math.max(beat, report.atMs());
        heard = Math.max(heard, report.atMs());
        process = report.process();
        if (process == null) {
            details = report.value() instanceof JsonObject object ? object : new JsonObject();
        }
        return this;
    }

    /** Time at which the last report arrived by the brain's clock, in milliseconds since 1970. */
    public long lastReportAt() {
        return heard;
    }

    /** Time of the last report that it came online, by its own clock. */
    public long onlineAt() {
        return online;
    }

    /** Time of the last report that it is online or alive, by its own clock. */
    public long aliveAt() {
        return Math.max(online, alive);
    }

    /** Time of the last report that it went offline, by its own clock. */
    public long offlineAt() {
        return offline;
    }

    /** Time at which that report arrived, by the brain's clock. */
    public long offlineReportAt() {
        return offlineHeard;
    }

    /** The agent that reported it last; null without a report. */
    public @Nullable String agentId() {
        return agent;
    }

    /** The id of its main process, from the details of heartbeats; null if unknown. */
    public @Nullable Integer pid() {
        Object stats = details == null ? null : details.getValue("stats");
        return stats instanceof JsonObject object && object.getValue("pid") instanceof Integer pid ? pid : null;
    }

    /**
     * The state {@code online}, {@code offline}, or {@code unknown} if no report arrived for {@link #SILENCE}.
     *
     * @param nowMs the brain's time, in milliseconds since 1970
     */
    public String state(long nowMs) {
        if (offline >= Math.max(ran, Math.max(online, alive)) && offlineHeard >= beat) {
            return "offline";
        }
        if (connected != null && isDerived()) {
            return connected ? "online" : "offline";
        }
        return nowMs - heard < SILENCE.toMillis() ? "online" : "unknown";
    }

    /** The worker as REST returns it. */
    public JsonObject view(SubjectKey subject, long nowMs) {
        return new JsonObject()
                .put("engine", subject.engine())
                .put("name", subject.name())
                .put("state", state(nowMs))
                .put("last_seen_at", time(heard))
                .put("online_at", time(online))
                .put("offline_at", time(offline))
                .put("last_heartbeat_at", time(Math.max(alive, beat)))
                .put("agent_id", agent)
                .put("details", details);
    }

    private static @Nullable String time(long ms) {
        return ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
    }

    /**
     * Limits a worker's details to {@code most} characters. If they are longer, replaces objects and arrays by their
     * size and cuts texts.
     */
    static JsonObject bounded(JsonObject details, int most) {
        if (details.encode().length() <= most) {
            return details;
        }
        JsonObject small = new JsonObject();
        details.forEach(member -> {
            Object value = member.getValue();
            if (value instanceof JsonObject object) {
                small.put(member.getKey(), "…[cut: " + object.size() + " members]");
            } else if (value instanceof JsonArray array) {
                small.put(member.getKey(), "…[cut: " + array.size() + " items]");
            } else if (value instanceof String text) {
                small.put(member.getKey(), TaskText.cut(text, TaskText.MAX_NAME));
            } else {
                small.put(member.getKey(), value);
            }
        });
        return small.encode().length() <= most ? small : new JsonObject().put("cut", true);
    }
}
