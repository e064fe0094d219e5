package dev.ganglion.bus;

/**
 * Names a shard of a project.
 *
 * @param projectId UUID of the project
 * @param shard from 0
 */
public record ShardRef(String projectId, int shard) {}
