package dev.ganglion.store.event;

/**
 * Where an event is stored.
 *
 * @param shard shard whose stream holds it
 * @param entry id of the stream entry, {@code ms-sequence}
 * @param index position in the batch, from 0
 */
record EventPlace(int shard, String entry, int index) {}
