package dev.ganglion.bus;

import java.util.Set;

/**
 * The load of one node's projectors. Nodes exchange it, so that they share the leases of projects evenly.
 *
 * @param nodeId id of the node
 * @param leases number of projects that the node projects
 * @param behindMs age of the oldest event of these projects that is not projected, in milliseconds
 * @param busyPercent share of the time that its steps took, from 0 to 100 for each project
 * @param accepting whether the node takes further projects
 * @param freed ids of projects whose lease the node has just released
 */
public record ProjectorLoad(
        String nodeId, int leases, long behindMs, int busyPercent, boolean accepting, Set<String> freed) {
    public ProjectorLoad {
        freed = Set.copyOf(freed);
    }
}
