package dev.ganglion.benchmarks.generator;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Figures of the connections of one loop, or a copy of them. Only the loop itself changes them. */
public final class Meter {
    private static final long MAX_MICROS = 600_000_000;

    final Histogram acks = new Histogram(MAX_MICROS, 3);
    final Histogram handshakes = new Histogram(MAX_MICROS, 3);
    final Map<String, Integer> endings = new TreeMap<>();
    long sentFrames;
    long ackedFrames;
    long ackedEvents;
    long rejectedEvents;
    long measuredFrames;
    long measuredEvents;
    long opened;
    long heartbeats;
    long commands;
    boolean measuring;

    void acked(long intendedAt, int events, long now) {
        ackedFrames++;
        ackedEvents += events;
        if (measuring) {
            measuredFrames++;
            measuredEvents += events;
            acks.recordValue(Math.min(MAX_MICROS, Math.max(0, (now - intendedAt) / 1_000)));
        }
    }

    void ended(String how) {
        endings.merge(how, 1, Integer::sum);
    }

    /** Resets the measured figures and starts a measurement. */
    void begin() {
        acks.reset();
        handshakes.reset();
        measuredFrames = 0;
        measuredEvents = 0;
        measuring = true;
    }

    void addTo(Meter sum) {
        sum.acks.add(acks);
        sum.handshakes.add(handshakes);
        endings.forEach((how, count) -> sum.endings.merge(how, count, Integer::sum));
        sum.sentFrames += sentFrames;
        sum.ackedFrames += ackedFrames;
        sum.ackedEvents += ackedEvents;
        sum.rejectedEvents += rejectedEvents;
        sum.measuredFrames += measuredFrames;
        sum.measuredEvents += measuredEvents;
        sum.opened += opened;
        sum.heartbeats += heartbeats;
        sum.commands += commands;
    }

    /** Latencies of the acks of this measurement, in microseconds. */
    public Histogram acks() {
        return acks;
    }

    /** Durations of the handshakes of this measurement, in microseconds. */
    public Histogram handshakes() {
        return handshakes;
    }

    /** Number of connections that ended by themselves, by cause. */
    public Map<String, Integer> endings() {
        return endings;
    }

    /** Number of acknowledged frames since the start. */
    public long ackedFrames() {
        return ackedFrames;
    }

    /** Number of acknowledged events since the start. */
    public long ackedEvents() {
        return ackedEvents;
    }

    /** Number of events that the server rejected since the start. */
    public long rejectedEvents() {
        return rejectedEvents;
    }

    /** Number of frames that were acknowledged during this measurement. */
    public long measuredFrames() {
        return measuredFrames;
    }

    /** Number of events that were acknowledged during this measurement. */
    public long measuredEvents() {
        return measuredEvents;
    }

    /** Number of connections that were opened since the start. */
    public long opened() {
        return opened;
    }

    /** Number of heartbeats since the start. */
    public long heartbeats() {
        return heartbeats;
    }

    /** Number of commands that arrived since the start. */
    public long commands() {
        return commands;
    }
}
