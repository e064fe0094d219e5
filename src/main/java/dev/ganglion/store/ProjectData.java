package dev.ganglion.store;

import io.vertx.core.Future;

/** Deletes the data that belongs to a project: its events and everything derived from them. */
interface ProjectData {
    /** Deletes the data of all shards. Repeating the call is harmless. */
    Future<Void> drop(String projectId, int shards);
}
