package dev.ganglion.store;

import dev.ganglion.config.RedisAddress;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which master of a Redis Cluster serves which slot. */
final class SlotMap {
    private static final int NOBODY = -1;

    private final List<RedisAddress> masters = new ArrayList<>();
    private final short[] owners = new short[HashSlot.COUNT];

    private SlotMap() {
        Arrays.fill(owners, (short) NOBODY);
    }

    /** Reads {@code CLUSTER SLOTS}; a server that does not know its own address is the one that was {@code asked}. */
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

    /** All masters that serve a slot. */
    List<RedisAddress> masters() {
        return masters;
    }

    /** The place in {@link #masters} of the one that serves a slot; -1 when nobody does. */
    int owner(int slot) {
        return owners[slot];
    }
}
