package dev.ganglion.api;

import dev.ganglion.bus.NodePulse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What two pulses of a node say of the time between them.
 *
 * @param pulse the later of them
 * @param at when it came, by {@link System#nanoTime()}
 * @param events events a second, by project
 * @param commands commands a second, by project
 * @param latency of the frames in between
 */
record NodeRates(
        NodePulse pulse, long at, Map<String, Double> events, Map<String, Double> commands, AckLatency latency) {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A node of which nothing was heard before, or that began anew, says nothing of any time yet. */
    static NodeRates after(@Nullable NodeRates before, NodePulse pulse, long at) {
        if (before == null || before.pulse.startedAt() != pulse.startedAt() || at <= before.at) {
            return new NodeRates(pulse, at, Map.of(), Map.of(), new AckLatency(java.util.List.of()));
        }
        double seconds = (at - before.at) / SECOND;
        return new NodeRates(
                pulse,
                at,
                rates(before.pulse.events(), pulse.events(), seconds),
                rates(before.pulse.commands(), pulse.commands(), seconds),
                AckLatency.between(before.pulse.ackBuckets(), pulse.ackBuckets()));
    }

    private static Map<String, Double> rates(Map<String, Long> before, Map<String, Long> after, double seconds) {
        Map<String, Double> rates = new HashMap<>();
        after.forEach((project, count) -> {
            long more = count - before.getOrDefault(project, 0L);
            if (more > 0) {
                rates.put(project, more / seconds);
            }
        });
        return rates;
    }
}
