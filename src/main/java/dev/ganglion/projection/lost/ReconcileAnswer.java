package dev.ganglion.projection.lost;

import dev.ganglion.protocol.json.CutText;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent said about a task: the result of a {@code reconcile_task} command.
 *
 * @param taskId id of the task that the answer names; null if it names none
 * @param engineState {@code success}, {@code failure}, {@code pending}, {@code started} or {@code unknown}; agents may send
 *     any text
 * @param finishedMicros time when the task ended, in microseconds since 1970; null if the answer lacks it
 * @param exception why the task failed; null if the answer lacks it
 * @param answeredMs time when the brain stored the answer, in milliseconds since 1970
 */
public record ReconcileAnswer(
        @Nullable String taskId,
        String engineState,
        @Nullable Long finishedMicros,
        @Nullable String exception,
        long answeredMs) {
    /** How far the clock of the agent may differ from that of the process that ran the task. */
    private static final long CLOCKS_MICROS = 5_000_000;
    /** How far the clock of the agent may be ahead of the brain's. */
    private static final long AHEAD_MICROS = 60_000_000;

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int MAX_EXCEPTION = 8_192;

    /** Reads the result of a command. Fields of an unexpected type count as missing. */
    public static ReconcileAnswer of(JsonObject result, long answeredMs) {
        String exception = text(result, "exception");
        return new ReconcileAnswer(
                text(result, "task_id"),
                Optional.ofNullable(text(result, "engine_state")).orElse("unknown"),
                micros(text(result, "finished_at")),
                exception == null ? null : CutText.cut(exception, MAX_EXCEPTION),
                answeredMs);
    }

    private static @Nullable String text(JsonObject result, String name) {
        return result.getValue(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    /** Reads an ISO 8601 time. A time without a zone is in UTC, as engines store it. */
    private static @Nullable Long micros(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
            Instant instant = time instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
                    instant.getNano() / NANOS_PER_MICRO);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /**
     * The end of the task, if the answer can be true: it is about this task, names a final state, and a time of the end that
     * lies between the task's start and now. An answer without a time may be about an earlier run, so it counts only if
     * there was none.
     */
    public Optional<ReconciledEnd> believe(OpenTask task) {
        boolean success = engineState.equals("success");
        if ((!success && !engineState.equals("failure"))
                || (taskId != null && !taskId.equals(task.key().name()))) {
            return Optional.empty();
        }
        long started = task.lastStart().atMs() * MICROS_PER_MILLI;
        long ended;
        if (finishedMicros == null) {
            if (task.ranBefore()) {
                return Optional.empty();
            }
            ended = answeredMs * MICROS_PER_MILLI;
        } else if (finishedMicros < started - CLOCKS_MICROS
                || finishedMicros > answeredMs * MICROS_PER_MILLI + AHEAD_MICROS) {
            return Optional.empty();
        } else {
            ended = finishedMicros;
        }
        // The end of a run follows its start, also if the clocks differ a little.
        return Optional.of(new ReconciledEnd(success, Math.max(ended, started + MICROS_PER_MILLI), exception));
    }
}
