package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskState;
import dev.ganglion.projection.task.TaskText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a report of the end of a run, or of a retry, says about it. Texts are in UTF-8 and cut to their limits.
 */
final class Outcome {
    private static final int SAME_TEXTS = 1;
    private static final int RUNTIME = 2;
    private static final int FINGERPRINT = 4;
    private static final int RESULT = 8;
    private static final int EXCEPTION = 16;
    private static final int TRACEBACK = 32;
    private static final int HEAP = 64;

    private final long report;
    private final long runtimeMs;
    private final long fingerprint;
    private final byte @Nullable [] result;
    private final byte @Nullable [] exception;
    private final byte @Nullable [] traceback;

    private Outcome(
            long report,
            long runtimeMs,
            long fingerprint,
            byte @Nullable [] result,
            byte @Nullable [] exception,
            byte @Nullable [] traceback) {
        this.report = report;
        this.runtimeMs = runtimeMs;
        this.fingerprint = fingerprint;
        this.result = result;
        this.exception = exception;
        this.traceback = traceback;
    }

    static Outcome of(TaskEvent event, long fingerprint) {
        long runtime = TaskData.runtimeMillis(event);
        if (event.state() == TaskState.SUCCESS) {
            byte[] result = TaskData.utf8(event, DataField.RESULT, TaskText.MAX_VALUE);
            byte[] traceback = TaskData.utf8(event, DataField.TRACEBACK, TaskText.MAX_TRACEBACK);
            return new Outcome(event.idHash(), runtime, fingerprint, result, null, traceback);
        }
        FailureText failure = event.failure();
        byte[] exception = TaskData.utf8(failure.exception(), TaskText.MAX_VALUE);
        byte[] traceback = TaskData.utf8(failure.traceback(), TaskText.MAX_TRACEBACK);
        return new Outcome(event.idHash(), runtime, fingerprint, null, exception, traceback);
    }

    /** Hash of the event's id. */
    long report() {
        return report;
    }

    /** How long the task ran, in milliseconds; {@link TaskData#NO_RUNTIME} if unknown. */
    long runtimeMs() {
        return runtimeMs;
    }

    /** Identifies the failure; 0 if the report is no failure. */
    long fingerprint() {
        return fingerprint;
    }

    /** The task's result; null if it has none. */
    @Nullable
    String result() {
        return text(result);
    }

    /** Why the task did not succeed; null if it did. */
    @Nullable
    String exception() {
        return text(exception);
    }

    /** The traceback; null if there is none. */
    @Nullable
    String traceback() {
        return text(traceback);
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    boolean hasTextsOf(Outcome other) {
        return Arrays.equals(result, other.result)
                && Arrays.equals(exception, other.exception)
                && Arrays.equals(traceback, other.traceback);
    }

    /** The same outcome with its runtime and fingerprint only. */
    Outcome withoutTexts() {
        return new Outcome(report, runtimeMs, fingerprint, null, null, null);
    }

    /** The same outcome, whose texts share the memory of another outcome with equal texts. */
    Outcome withTextsOf(Outcome other) {
        return new Outcome(report, runtimeMs, fingerprint, other.result, other.exception, other.traceback);
    }

    /** Size of the texts, in bytes. */
    int textBytes() {
        return length(result) + length(exception) + length(traceback);
    }

    private static int length(byte @Nullable [] text) {
        return text == null ? 0 : text.length;
    }

    /** Estimates the heap that the outcome occupies, in bytes; without the texts if they are another outcome's. */
    int bytes(boolean sharesTexts) {
        return HEAP + (sharesTexts ? 0 : textBytes() + 3 * TaskFacts.ARRAY_HEAP);
    }

    /**
     * Writes the outcome.
     *
     * @param same an outcome before it with equal texts; null if there is none
     * @param position position of {@code same}
     */
    void encode(RecordWriter out, @Nullable Outcome same, int position) {
        boolean own = same == null;
        out.bits((own ? 0 : SAME_TEXTS)
                | (runtimeMs >= 0 ? RUNTIME : 0)
                | (fingerprint != 0 ? FINGERPRINT : 0)
                | (own && result != null ? RESULT : 0)
                | (own && exception != null ? EXCEPTION : 0)
                | (own && traceback != null ? TRACEBACK : 0));
        if (!own) {
            out.number(position);
        }
        if (runtimeMs >= 0) {
            out.number(runtimeMs);
        }
        if (fingerprint != 0) {
            out.word(fingerprint);
        }
        if (own) {
            encode(out, result);
            encode(out, exception);
            encode(out, traceback);
        }
    }

    private static void encode(RecordWriter out, byte @Nullable [] text) {
        if (text != null) {
            out.bytes(text);
        }
    }

    /** Reads an outcome; {@code before} are the outcomes that were read before it. */
    static Outcome decode(RecordReader in, long report, Outcome[] before) {
        int bits = in.bits();
        Outcome same = (bits & SAME_TEXTS) == 0 ? null : before[in.size()];
        long runtime = (bits & RUNTIME) == 0 ? TaskData.NO_RUNTIME : in.number();
        long fingerprint = (bits & FINGERPRINT) == 0 ? 0 : in.word();
        if (same != null) {
            return new Outcome(report, runtime, fingerprint, same.result, same.exception, same.traceback);
        }
        return new Outcome(
                report,
                runtime,
                fingerprint,
                (bits & RESULT) == 0 ? null : in.bytes(),
                (bits & EXCEPTION) == 0 ? null : in.bytes(),
                (bits & TRACEBACK) == 0 ? null : in.bytes());
    }
}
