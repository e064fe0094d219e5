package dev.ganglion.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task as the events that came so far have it, whatever order they came in.
 *
 * <ul>
 *   <li>A transition (kind, time to the second) applies once, whoever reports it under which id; so does an event's id.
 *   <li>The state is that of the event of the highest tier ({@link TaskState}); in a tier, of the latest; at the same
 *       time, of the one that is further on its way. So a final state is undone neither by an older nor by a non-final
 *       event, and a task that is retried goes {@code retry → received → started} again until it ends. One that is run
 *       again under the same id after its end shows that end until the next one.
 *   <li>Result, exception, traceback and runtime are those of the event that made the state.
 *   <li>Name, queue, worker, priority, arguments and agent are the latest that any event gave. {@code received_at} is
 *       the first time that it was received, {@code started_at} the last time that it was started.
 *   <li>Retries are the most that any event said, or the transitions to {@code retry}, whichever is more.
 * </ul>
 *
 * <p>Each of these is a fact with a stamp, of which the highest stands: so parts of a task that were kept in different
 * shards come together the same way. The last {@value #MAX_HEARD} transitions are remembered; of a task that has more,
 * an older one that comes again counts again. Not safe for threads.
 */
public final class Task {
    static final int MAX_HEARD = 64;
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
    private static final String HEARD = "e";

    private record Fact(Object value, long stamp) {
        /** Equal stamps are of events that cannot be told apart: any order that is always the same will do. */
        boolean outdoes(@Nullable Fact other) {
            return other == null
                    || stamp > other.stamp
                    || (stamp == other.stamp && value.toString().compareTo(other.value.toString()) > 0);
        }
    }

    private final Map<String, Fact> facts = new TreeMap<>();
    private final TreeMap<Long, String> heard = new TreeMap<>();

    /** A task that nothing is known of. */
    public Task() {}

    /** Reads a task back. */
    public static Task decode(String text) {
        Task task = new Task();
        JsonObject json = new JsonObject(text);
        JsonArray events = json.getJsonArray(HEARD);
        for (int i = 0; i < events.size(); i += 2) {
            task.heard.put(events.getLong(i), events.getString(i + 1));
        }
        for (String key : json.fieldNames()) {
            if (!key.equals(HEARD)) {
                JsonArray fact = json.getJsonArray(key);
                task.facts.put(key, new Fact(fact.getValue(0), fact.getLong(1)));
            }
        }
        return task;
    }

    /** As it is kept; the same for the same facts. */
    public String encode() {
        JsonObject json = new JsonObject();
        facts.forEach(
                (key, fact) -> json.put(key, new JsonArray().add(fact.value).add(fact.stamp)));
        JsonArray events = new JsonArray();
        heard.forEach((key, id) -> events.add(key).add(id));
        return json.put(HEARD, events).encode();
    }

    /** Has an event take effect; false when it did before. */
    public boolean apply(ProjectedEvent event) {
        long key = Transition.key(event.kind(), event.second());
        if (heard.containsKey(key) || heard.containsValue(event.id())) {
            return false;
        }
        heard.put(key, event.id());
        forget();
        TaskState state = TaskState.of(event.kind());
        long order = event.micros() * RANKS + state.rank();
        JsonObject data = event.data();
        JsonArray outcome = new JsonArray()
                .add(state.label())
                .add(TaskText.runtimeMillis(data))
                .add(state == TaskState.SUCCESS ? TaskText.value(data, "result", TaskText.MAX_VALUE) : null)
                .add(state == TaskState.SUCCESS ? null : TaskText.exception(event))
                .add(TaskText.value(data, "traceback", TaskText.MAX_TRACEBACK));
        say(STATE, outcome, ((long) state.tier() << TIER_SHIFT) + order);
        say(NAME, TaskText.name(data), order);
        say(QUEUE, TaskText.cut(event.text("queue"), TaskText.MAX_NAME), order);
        say(PRIORITY, TaskText.priority(data), order);
        say(ARGS, TaskText.value(data, "args", TaskText.MAX_VALUE), order);
        say(KWARGS, TaskText.value(data, "kwargs", TaskText.MAX_VALUE), order);
        say(AGENT, event.agentId(), order);
        if (state != TaskState.PENDING) { // who sends a task is not who runs it
            say(WORKER, TaskText.cut(event.worker(), TaskText.MAX_NAME), order);
        }
        if (state == TaskState.RECEIVED) {
            say(RECEIVED, event.micros(), -event.micros());
        } else if (state == TaskState.STARTED) {
            say(STARTED, event.micros(), event.micros());
        }
        if (data.getValue("retries") instanceof Integer retries && retries >= 0) {
            say(RETRIES, retries, retries);
        }
        if (event.clamped()) {
            say(CLAMPED, true, 1);
        }
        return true;
    }

    /** What another shard knows of the same task; where both know, the higher stamp stands. */
    @CanIgnoreReturnValue
    public Task merge(Task other) {
        other.facts.forEach((key, fact) -> say(key, fact.value, fact.stamp));
        other.heard.forEach(heard::putIfAbsent);
        forget();
        return this;
    }

    private void forget() {
        while (heard.size() > MAX_HEARD) {
            heard.pollFirstEntry();
        }
    }

    private void say(String key, @Nullable Object value, long stamp) {
        if (value != null) {
            Fact said = new Fact(value, stamp);
            if (said.outdoes(facts.get(key))) {
                facts.put(key, said);
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

    /** Where it is. */
    public TaskState state() {
        JsonArray outcome = (JsonArray) fact(STATE);
        return outcome == null
                ? TaskState.UNKNOWN
                : TaskState.valueOf(outcome.getString(0).toUpperCase(java.util.Locale.ROOT));
    }

    /** What it is called, if any event said so. */
    public @Nullable String name() {
        return text(NAME);
    }

    /** Where it queues. */
    public @Nullable String queue() {
        return text(QUEUE);
    }

    /** Who runs it. */
    public @Nullable String worker() {
        return text(WORKER);
    }

    /** A number or a word. */
    public @Nullable Object priority() {
        return fact(PRIORITY);
    }

    /** The event that reported a transition first; null when none did that is remembered. */
    public @Nullable String firstReport(long transition) {
        return heard.get(transition);
    }

    /** How long it ran, once it is over. */
    public @Nullable Long runtimeMillis() {
        JsonArray outcome = (JsonArray) fact(STATE);
        Long said = outcome == null ? null : outcome.getLong(1);
        Long finished = finishedMicros();
        if (said != null || finished == null || !(fact(STARTED) instanceof Number started)) {
            return said;
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
        int counted = (int) heard.keySet().stream().filter(Transition::isRetry).count();
        return fact(RETRIES) instanceof Integer said ? Math.max(said, counted) : counted;
    }

    private static @Nullable String time(@Nullable Object micros) {
        return micros instanceof Number number
                ? Instant.ofEpochSecond(
                                number.longValue() / MICROS_PER_SECOND, number.longValue() % MICROS_PER_SECOND * 1_000)
                        .toString()
                : null;
    }

    /** As REST shows it. */
    public JsonObject view(Subject subject) {
        JsonArray made = (JsonArray) fact(STATE);
        JsonArray outcome = made == null
                ? new JsonArray().add("").addNull().addNull().addNull().addNull()
                : made;
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
