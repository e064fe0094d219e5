package dev.ganglion.gateway;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Decides when the node does not read from an agent that resends its batches in a loop, as agents up to 1.6 do.
 *
 * <p>Such an agent takes acknowledgements only while its writes block. It resends until the buffers between it and the
 * node are full, so what the node does not read soon is a <em>backlog</em> of repeats, in the order in which the agent
 * sent them. A cycle follows another:
 *
 * <pre>
 *   pause: the buffers fill, the agent blocks and takes its acknowledgements
 *     |  pause time over                                    ^
 *     v                                                     |  a batch of this cycle repeats
 *   reading the backlog, a few frames at a time  ---->  reading new batches, which are acknowledged
 * </pre>
 *
 * <p>One cycle costs about as many frames as the buffers hold. The pause grows while a cycle brings few new batches, so
 * that the frames per batch stay low, and shrinks while it brings many. The backlog is read slowly, because congestion
 * control would answer fast reading with larger buffers at the agent. Frames that come near the limit of their age are
 * read without any pause.
 *
 * <p>Confined to the context of the connection. Costs nothing until a batch repeats.
 */
final class RepeatPacing {
    /** Time within which a looping agent sends the same batch once more. Later agents resend after 90 s. */
    private static final long LOOP_WITHIN = TimeUnit.SECONDS.toNanos(10);

    static final int FIRST_PAUSE_MS = 250;
    private static final int SHORTEST_PAUSE_MS = 150;
    private static final int LONGEST_PAUSE_MS = 10_000;
    /** Factor by which a pause may grow or shrink from one cycle to the next. */
    private static final int GROWTH = 16;
    /** Frames per batch that the length of the pauses aims at. */
    private static final int FRAMES_PER_BATCH = 7;
    /** Repeats that the node reads before the next short rest. */
    static final int FRAMES_PER_BREATH = 16;

    /** The same after a cycle that brought many batches: the agent must send them soon. */
    static final int FRAMES_PER_BREATH_IN_BURST = 64;

    static final int BREATH_MS = 10;
    /** Age from which frames are read without any pause. The brain rejects frames that are older than 60 s. */
    private static final long HASTE_AGE_MS = 20_000;
    /** Repeats in a row that seem old, more than any buffers hold. */
    private static final int MOST_HASTY = 20_000;
    /** Repeats of older batches that an agent may send after a pause: what is left of its pass over its buffer. */
    private static final int REST_OF_PASS = 512;
    /** Time without a repeat after which the agent is no longer looping. */
    private static final long CALM_AFTER = TimeUnit.SECONDS.toNanos(30);

    private static final Pattern OLD_VERSION = Pattern.compile("1\\.[0-6]\\.\\d+");

    private final boolean expected;
    private int pauseMs = FIRST_PAUSE_MS;
    private int repeats;
    private int batches;
    private int restOfPass;
    private int sinceBreath;
    private int hasty;
    private boolean looping;
    private boolean paused;
    private long watchedSeq;
    private long watchedSince;
    private long lastRepeatAt;
    private long resumedSeq;
    private long resumedAtMs;
    private long clockOffsetMs = Long.MIN_VALUE;

    /**
     * Creates the state of a session.
     *
     * @param expected whether the agent is known to resend in a loop, so that its first repeat counts as one
     */
    RepeatPacing(boolean expected) {
        this.expected = expected;
    }

    /** Whether a released agent of this version resends in a loop. */
    static boolean resends(String agentVersion) {
        return OLD_VERSION.matcher(agentVersion).matches();
    }

    /** Whether the agent was found to resend in a loop. */
    boolean looping() {
        return looping;
    }

    /** The number of repeats in the current cycle. */
    int repeats() {
        return repeats;
    }

    /** Counts a batch that was not received before. */
    void newBatch() {
        batches++;
    }

    /**
     * Records that reading starts again after a pause.
     *
     * @param lastSeq sequence number of the last frame that was read
     * @param nowMs time of the node
     */
    void resumed(long lastSeq, long nowMs) {
        resumedSeq = lastSeq;
        resumedAtMs = nowMs;
        repeats = 0;
        batches = 0;
        restOfPass = 0;
    }

    /**
     * Returns how long the node stops reading after a repeated batch, in milliseconds; 0 if it reads on. A value of at
     * least {@link #SHORTEST_PAUSE_MS} ends the cycle.
     *
     * @param firstSeq sequence number of the batch when it was answered; {@link Long#MAX_VALUE} if it is not answered
     * @param skewMs time of the frame minus time of the node
     * @param nowMs time of the node
     * @param ticks reading of the ticker
     */
    int repeated(long firstSeq, long skewMs, long nowMs, long ticks) {
        clockOffsetMs = Math.max(clockOffsetMs, skewMs);
        repeats++;
        if (!detected(firstSeq, ticks)) {
            return 0;
        }
        long ageMs = clockOffsetMs - skewMs;
        if (ageMs > HASTE_AGE_MS) {
            hasten(skewMs);
            return 0;
        }
        hasty = 0;
        if (firstSeq > resumedSeq) {
            return nextPause(paused ? pauseFor(repeats, batches) : FIRST_PAUSE_MS);
        }
        boolean sentAfterPause = nowMs - ageMs > resumedAtMs;
        if (sentAfterPause && ++restOfPass > REST_OF_PASS) {
            return nextPause(2L * pauseMs); // the pause was too short for the agent to block
        }
        if (++sinceBreath < (pauseMs < FIRST_PAUSE_MS ? FRAMES_PER_BREATH_IN_BURST : FRAMES_PER_BREATH)) {
            return 0;
        }
        sinceBreath = 0;
        return BREATH_MS;
    }

    /** Whether a pause of this length ends a cycle. */
    static boolean endsCycle(int pauseMs) {
        return pauseMs >= SHORTEST_PAUSE_MS;
    }

    /** Takes the time of the frame for fresh after very many old ones: the agent's clock was set back. */
    private void hasten(long skewMs) {
        if (++hasty > MOST_HASTY) {
            hasty = 0;
            clockOffsetMs = skewMs;
        }
    }

    private boolean detected(long firstSeq, long ticks) {
        if (looping && ticks - lastRepeatAt > CALM_AFTER) {
            looping = false;
            watchedSeq = 0;
            paused = false;
            pauseMs = FIRST_PAUSE_MS;
            repeats = 1;
            batches = 1;
        }
        lastRepeatAt = ticks;
        looping |= expected;
        if (!looping && firstSeq != Long.MAX_VALUE) {
            boolean watches = watchedSeq != 0 && ticks - watchedSince <= LOOP_WITHIN;
            looping = watches && watchedSeq == firstSeq;
            if (!watches) {
                watchedSeq = firstSeq;
                watchedSince = ticks;
            }
        }
        return looping;
    }

    private long pauseFor(int cycleRepeats, int cycleBatches) {
        return (long) pauseMs * cycleRepeats / ((long) FRAMES_PER_BATCH * Math.max(1, cycleBatches));
    }

    private int nextPause(long wanted) {
        paused = true;
        int current = pauseMs;
        long bounded = Math.max((long) current / GROWTH, Math.min((long) current * GROWTH, wanted));
        pauseMs = (int) Math.max(SHORTEST_PAUSE_MS, Math.min(LONGEST_PAUSE_MS, bounded));
        return pauseMs;
    }
}
