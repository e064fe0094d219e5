package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Maps the hash slots of a Redis Cluster to the masters that serve them. */
final class SlotMap {
    private static final int NO_MASTER = -1;

    private final List<RedisAddress> masters = new ArrayList<>();
    private final short[] owners = new short[HashSlot.COUNT];

    private SlotMap() {
        Arrays.fill(owners, (short) NO_MASTER);
    }

    /**
     * Reads the reply of {@code CLUSTER SLOTS}.
     *
     * @param asked address of the server that replied; replaces a host that the server does not know
     */
    static SlotMap of(Response reply, RedisAddress asked) {
        SlotMap map = new SlotMap();
        for (Response range : reply) {
            Response master = range.get(2);
            Response host = master.get(0);
            String named = host == null ? "" : host.toString();
            RedisAddress address = RedisAddress.named(
                    named.isEmpty() || named.equals("?") ? asked.host() : named,
                    master.get(1).toInteger());
            int index = map.masters.indexOf(address);
            if (index < 0) {
                index = map.masters.size();
                map.masters.add(address);
            }
            Arrays.fill(map.owners, range.get(0).toInteger(), range.get(1).toInteger() + 1, (short) index);
        }
        return map;
    }

    /** All masters that serve at least one slot. */
    List<RedisAddress> masters() {
        return masters;
    }

    /** The index in {@link #masters} of the master that serves a slot; -1 if no master serves the slot. */
    int owner(int slot) {
        return owners[slot];
    }
}
