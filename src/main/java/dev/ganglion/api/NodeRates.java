package dev.ganglion.api;

import dev.ganglion.bus.NodeStatistics;
import dev.ganglion.telemetry.Ticker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The rates of one node, calculated from the statistics in two consecutive pulses of that node.
 *
 * @param statistics statistics of the later pulse
 * @param at arrival time of the later pulse, by the {@link Ticker}
 * @param events events per second, by project
 * @param commands commands per second, by project
 * @param latency latency of the frames between the two pulses
 */
record NodeRates(
        NodeStatistics statistics,
        long at,
        Map<String, Double> events,
        Map<String, Double> commands,
        AckLatency latency) {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    /**
     * Calculates the rates from the previous pulse to this one. They are empty for the first pulse of a node, or if the
     * node has restarted since.
     */
    static NodeRates after(@Nullable NodeRates before, NodeStatistics statistics, long at) {
        if (before == null || before.statistics.startedAt() != statistics.startedAt() || at <= before.at) {
            return new NodeRates(statistics, at, Map.of(), Map.of(), new AckLatency(List.of()));
        }
        double seconds = (at - before.at) / SECOND;
        return new NodeRates(
                statistics,
                at,
                rates(before.statistics.events(), statistics.events(), seconds),
                rates(before.statistics.commands(), statistics.commands(), seconds),
                AckLatency.between(before.statistics.ackBuckets(), statistics.ackBuckets()));
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
