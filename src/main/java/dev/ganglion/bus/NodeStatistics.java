package dev.ganglion.bus;

import java.util.List;
import java.util.Map;

/**
 * The statistics of one node since its start. Nodes exchange them, so that each node can report on the whole cluster.
 *
 * <p>After a restart a node counts from 0 again. Projects are identified by their slug; the counting node limits their
 * number.
 *
 * @param nodeId id of the counting node
 * @param startedAt time at which the node started to count, in milliseconds since 1970
 * @param events number of stored events, by project
 * @param commands number of finished commands, by project
 * @param connections number of agent connections that the node holds now, by project
 * @param ackBuckets number of frames that took effect, by duration
 */
public record NodeStatistics(
        String nodeId,
        long startedAt,
        Map<String, Long> events,
        Map<String, Long> commands,
        Map<String, Long> connections,
        List<Long> ackBuckets) {}
