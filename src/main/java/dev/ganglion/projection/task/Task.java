package dev.ganglion.projection.task;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of a task as its events describe it, independent of the order in which the events arrive.
 *
 * <ul>
 *   <li>A transition (kind and time to the second) applies once, even if several workers report it under different
 *   event ids. An event id also applies once.
 *   <li>The event of the highest tier ({@link TaskState}) determines the state; within a tier, the latest event; at the
 *   same time, the event with the higher rank. A finished task therefore stays finished unless a newer final event
 *   arrives. A retried task passes through {@code retry → received → started} again until it ends. A task that runs
 *   again under the same id after its end keeps the old final state until it ends again.
 *   <li>Result, exception, traceback and runtime come from the event that determined the state.
 *   <li>Name, queue, worker, priority, arguments and agent come from the latest event that contains them. {@code
 *   received_at} is the first time that the task was received, {@code started_at} the last time that it was started.
 *   <li>The number of retries is the highest number in any event, or the number of transitions to {@code retry},
 *   whichever is higher.
 * </ul>
 *
 * <p>Each of these values is a fact with a stamp, and the highest stamp wins. Parts of a task from different shards are
 * merged in the same way. A task remembers its last {@value #MAX_TRANSITIONS} transitions; an older transition counts
 * again if it is reported again. Not thread-safe.
 */
public final class Task {
    static final int MAX_TRANSITIONS = 64;
    private static final int RANKS = 16;
    private static final int TIER_SHIFT = 60;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final String STATE = "s";
    private static final String NAME = "n";
    private static final String QUEUE = "q";
    private static final String WORKER = "w";
    private static final String PRIORITY = "p";
    private static final String ARGS = "a";
    private static final String KWARGS = "k";
    private static final String AGENT = "g";
    private static final String RECEIVED = "r";
    private static final String STARTED = "b";
    private static final String RETRIES = "c";
    private static final String CLAMPED = "x";
    private static final String REPORTS = "e";

    private record Fact(Object value, long stamp) {
        /**
         * Whether this fact replaces the other. Facts with equal stamps come from events without an order. Comparing
         * their values gives the same result on every node.
         */
        boolean replaces(@Nullable Fact other) {
            return other == null
                    || stamp > other.stamp
                    || (stamp == other.stamp && value.toString().compareTo(other.value.toString()) > 0);
        }
    }

    private final Map<String, Fact> facts = new TreeMap<>();
    private final TreeMap<Long, String> reports = new TreeMap<>();

    /** Creates a task without any events. */
    public Task() {}

    /** Decodes a stored task. */
    public static Task decode(String text) {
        Task task = new Task();
        JsonObject json = new JsonObject(text);
        JsonArray events = json.getJsonArray(REPORTS);
        for (int i = 0; i < events.size(); i += 2) {
            task.reports.put(events.getLong(i), events.getString(i + 1));
        }
        for (String key : json.fieldNames()) {
            if (!key.equals(REPORTS)) {
                JsonArray fact = json.getJsonArray(key);
                task.facts.put(key, new Fact(fact.getValue(0), fact.getLong(1)));
            }
        }
        return task;
    }

    /** Encodes the task as JSON for the store. Equal facts have equal encodings. */
    public String encode() {
        JsonObject json = new JsonObject();
        facts.forEach(
                (key, fact) -> json.put(key, new JsonArray().add(fact.value).add(fact.stamp)));
        JsonArray events = new JsonArray();
        reports.forEach((key, id) -> events.add(key).add(id));
        return json.put(REPORTS, events).encode();
    }

    /** Applies an event. Returns false if its transition or its id was applied before. */
    public boolean apply(ProjectedEvent event) {
        long key = Transition.key(event.kind(), event.time().second());
        if (reports.containsKey(key) || reports.containsValue(event.id())) {
            return false;
        }
        reports.put(key, event.id());
        dropOldReports();
        TaskState state = TaskState.of(event.kind());
        long order = event.time().micros() * RANKS + state.rank();
        JsonObject data = event.data();
        JsonArray outcome = new JsonArray()
                .add(state.label())
                .add(TaskText.runtimeMillis(data))
                .add(state == TaskState.SUCCESS ? TaskText.value(data, "result", TaskText.MAX_VALUE) : null)
                .add(state == TaskState.SUCCESS ? null : TaskText.exception(event))
                .add(TaskText.value(data, "traceback", TaskText.MAX_TRACEBACK));
        update(STATE, outcome, ((long) state.tier() << TIER_SHIFT) + order);
        update(NAME, TaskText.name(data), order);
        update(QUEUE, TaskText.cut(event.text("queue"), TaskText.MAX_NAME), order);
        update(PRIORITY, TaskText.priority(data), order);
        update(ARGS, TaskText.value(data, "args", TaskText.MAX_VALUE), order);
        update(KWARGS, TaskText.value(data, "kwargs", TaskText.MAX_VALUE), order);
        update(AGENT, event.agentId(), order);
        if (state != TaskState.PENDING) { // the sender of a task is not its worker
            update(WORKER, TaskText.cut(event.worker(), TaskText.MAX_NAME), order);
        }
        if (state == TaskState.RECEIVED) {
            update(RECEIVED, event.time().micros(), -event.time().micros());
        } else if (state == TaskState.STARTED) {
            update(STARTED, event.time().micros(), event.time().micros());
        }
        if (data.getValue("retries") instanceof Integer retries && retries >= 0) {
            update(RETRIES, retries, retries);
        }
        if (event.time().clamped()) {
            update(CLAMPED, true, 1);
        }
        return true;
    }

    /**
     * Merges the record that another shard has of the same task. Where both have a fact, the one with the higher stamp
     * wins.
     */
    @CanIgnoreReturnValue
    public Task merge(Task other) {
        other.facts.forEach((key, fact) -> update(key, fact.value, fact.stamp));
        other.reports.forEach(reports::putIfAbsent);
        dropOldReports();
        return this;
    }

    private void dropOldReports() {
        while (reports.size() > MAX_TRANSITIONS) {
            reports.pollFirstEntry();
        }
    }

    private void update(String key, @Nullable Object value, long stamp) {
        if (value != null) {
            Fact candidate = new Fact(value, stamp);
            if (candidate.replaces(facts.get(key))) {
                facts.put(key, candidate);
            }
        }
    }

    private @Nullable Object fact(String key) {
        Fact fact = facts.get(key);
        return fact == null ? null : fact.value;
    }

    private @Nullable String text(String key) {
        return (String) fact(key);
    }

    /** The current state. */
    public TaskState state() {
        JsonArray outcome = (JsonArray) fact(STATE);
        return outcome == null
                ? TaskState.UNKNOWN
                : TaskState.valueOf(outcome.getString(0).toUpperCase(Locale.ROOT));
    }

    /** The task's name; null if no event contains it. */
    public @Nullable String name() {
        return text(NAME);
    }

    /** The queue that the task was sent to; null if unknown. */
    public @Nullable String queue() {
        return text(QUEUE);
    }

    /** The engine worker that runs the task; null if unknown. */
    public @Nullable String worker() {
        return text(WORKER);
    }

    /** The priority, a number or a text; null if unknown. */
    public @Nullable Object priority() {
        return fact(PRIORITY);
    }

    /** The id of the event that first reported a transition; null if the task remembers none. */
    public @Nullable String firstReport(long transition) {
        return reports.get(transition);
    }

    /** How long the task ran, in milliseconds; null until it has finished, or if unknown. */
    public @Nullable Long runtimeMillis() {
        JsonArray outcome = (JsonArray) fact(STATE);
        Long reported = outcome == null ? null : outcome.getLong(1);
        Long finished = finishedMicros();
        if (reported != null || finished == null || !(fact(STARTED) instanceof Number started)) {
            return reported;
        }
        long ran = finished - started.longValue();
        return ran < 0 ? null : ran / 1_000;
    }

    private @Nullable Long finishedMicros() {
        Fact state = facts.get(STATE);
        return state == null || !state().isFinal()
                ? null
                : Long.valueOf((state.stamp & ((1L << TIER_SHIFT) - 1)) / RANKS);
    }

    private int retries() {
        int counted =
                (int) reports.keySet().stream().filter(Transition::isRetry).count();
        return fact(RETRIES) instanceof Integer reported ? Math.max(reported, counted) : counted;
    }

    private static @Nullable String time(@Nullable Object micros) {
        return micros instanceof Number number
                ? Instant.ofEpochSecond(
                                number.longValue() / MICROS_PER_SECOND, number.longValue() % MICROS_PER_SECOND * 1_000)
                        .toString()
                : null;
    }

    /** The task as REST returns it. */
    public JsonObject view(SubjectKey subject) {
        JsonArray known = (JsonArray) fact(STATE);
        JsonArray outcome = known == null
                ? new JsonArray().add("").addNull().addNull().addNull().addNull()
                : known;
        return new JsonObject()
                .put("engine", subject.engine())
                .put("task_id", subject.name())
                .put("name", name())
                .put("queue", queue())
                .put("state", state().label())
                .put("worker_name", worker())
                .put("priority", priority())
                .put("received_at", time(fact(RECEIVED)))
                .put("started_at", time(fact(STARTED)))
                .put("finished_at", time(finishedMicros()))
                .put("runtime_ms", runtimeMillis())
                .put("retries", retries())
                .put("result", outcome.getString(2))
                .put("exception", outcome.getString(3))
                .put("traceback", outcome.getString(4))
                .put("args", text(ARGS))
                .put("kwargs", text(KWARGS))
                .put("agent_id", text(AGENT))
                .put("clamped", fact(CLAMPED) != null);
    }
}
