package dev.ganglion.protocol;

import java.util.List;

/**
 * What changed among the tasks and schedules that an engine of an agent knows.
 *
 * @param added objects with a {@code name}, see {@link #name(Json)}
 * @param removed names
 * @param updated objects with a {@code name}
 * @param skipped how many entries had no usable name and were left out
 */
public record RegistryDelta(
        String id, String engine, List<Json> added, List<String> removed, List<Json> updated, int skipped)
        implements Frame {
    public RegistryDelta {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        updated = List.copyOf(updated);
    }

    /** The name of an entry, which is its identity. */
    public static String name(Json entry) {
        CanonicalObject object = new CanonicalObject(entry.utf8(), 0, entry.size());
        while (object.next()) {
            if (object.keyIs("name") && object.isString()) {
                return object.string();
            }
        }
        throw new IllegalArgumentException("a registry entry has a name");
    }

    @Override
    public FrameType type() {
        return FrameType.REGISTRY_DELTA;
    }
}
