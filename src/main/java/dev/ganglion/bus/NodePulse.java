package dev.ganglion.bus;

import java.util.List;
import java.util.Map;

/**
 * What a node has counted since it started, so that every node can say how all of them do. A node that starts anew begins
 * at 0 again. Projects are named by their slug, and are bounded by whoever counts.
 *
 * @param nodeId whose counts these are
 * @param startedAt when that node began to count, in milliseconds since 1970
 * @param events events stored, by project
 * @param commands commands that ended, by project
 * @param connections agents' connections that the node holds now, by project
 * @param ackBuckets frames that took effect, by how long that took
 */
public record NodePulse(
        String nodeId,
        long startedAt,
        Map<String, Long> events,
        Map<String, Long> commands,
        Map<String, Long> connections,
        List<Long> ackBuckets) {}
