package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** Stores totals as an engine does, and applies steps to them. */
final class StoredTotals {
    final Map<BlockField, byte[]> values = new HashMap<>();
    final Map<String, Long> expiry = new HashMap<>();
    private RollUps rollUps;
    private FailureGroups groups;
    private final long maxBytes;
    private final int most;
    ProjectionChanges last = new ProjectionChanges(Map.of());

    StoredTotals(long maxBytes, int most) {
        this.maxBytes = maxBytes;
        this.most = most;
        takeOver();
    }

    StoredTotals() {
        this(1 << 20, RollUps.MAX_SERIES);
    }

    /** Another node takes over: memory is lost, stored values stay. */
    void takeOver() {
        rollUps = new RollUps(maxBytes, most);
        groups = new FailureGroups(rollUps, most);
        load();
    }

    RollUps rollUps() {
        return rollUps;
    }

    FailureGroups groups() {
        return groups;
    }

    private void load() {
        rollUps.load(found(rollUps.missing()));
        groups.load(found(groups.missing()));
    }

    private Map<BlockField, byte[]> found(Set<BlockField> wanted) {
        Map<BlockField, byte[]> found = new HashMap<>(values);
        found.keySet().retainAll(wanted);
        return found;
    }

    /** Ends the step: loads what is missing, and stores the changes. */
    void store() {
        load();
        last = new ProjectionChanges(Map.of());
        rollUps.write(last);
        groups.write(last);
        apply(last);
    }

    void apply(ProjectionChanges changes) {
        changes.blocks().forEach((name, block) -> {
            values.put(name, block.value());
            expiry.put(name.block(), block.expireAtMs());
        });
    }

    void read(RollUpReader.Visitor visitor) {
        values.forEach((name, value) -> RollUpReader.read(name, value, visitor));
    }

    /** Everything that is stored, in a form that can be compared. */
    Map<BlockField, String> dump() {
        Map<BlockField, String> dump = new HashMap<>();
        values.forEach((name, value) -> dump.put(name, HexFormat.of().formatHex(value)));
        return dump;
    }
}
