package dev.ganglion.store.agent;

import io.vertx.core.Future;

/** Deletes the data that belongs to a project: its events and everything derived from them. */
public interface ProjectData {
    /** Deletes the data of all shards. Repeating the call is harmless. */
    Future<Void> drop(String projectId, int shards);
}
