package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.CanonicalObject;
import dev.ganglion.protocol.json.Json;
import java.util.List;

/**
 * Reports changes to the tasks and schedules that are registered with an engine of an agent.
 *
 * @param added new entries, each with a {@code name}, see {@link #name(Json)}
 * @param removed names of removed entries
 * @param updated changed entries, each with a {@code name}
 * @param skipped number of entries that were dropped because their name was missing, empty or too long
 */
public record RegistryDelta(
        String id, String engine, List<Json> added, List<String> removed, List<Json> updated, int skipped)
        implements Frame {
    public RegistryDelta {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        updated = List.copyOf(updated);
    }

    /**
     * Returns the name of an entry; the name identifies the entry.
     *
     * @throws IllegalArgumentException if the entry has no name
     */
    public static String name(Json entry) {
        CanonicalObject object = new CanonicalObject(entry.utf8(), 0, entry.size());
        while (object.next()) {
            if (object.keyIs("name") && object.isString()) {
                return object.string();
            }
        }
        throw new IllegalArgumentException("the registry entry has no name");
    }

    @Override
    public FrameType type() {
        return FrameType.REGISTRY_DELTA;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.registryDelta(this, argument);
    }
}
