package dev.ganglion.bus;

/**
 * Identifies a shard of a project.
 *
 * @param projectId UUID of the project
 * @param shard number of the shard, from 0
 */
public record ShardRef(String projectId, int shard) {}
