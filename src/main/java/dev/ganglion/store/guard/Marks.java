package dev.ganglion.store.guard;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.StoreCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that mark every part of the store with its identity. Their hash slots spread evenly, so that each master of a
 * Redis Cluster holds some of them: a master that lost its data has no mark.
 */
final class Marks {
    /** Number of marks. A master with a run of 128 hash slots has at least one. */
    static final int COUNT = 256;

    /** Most marks of one master that a check reads. */
    private static final int READ = 2;

    /** Names of all marks. */
    static final List<String> KEYS = keys();

    private Marks() {}

    /** Chooses, for each range of hash slots, the first number whose key falls into the range. */
    private static List<String> keys() {
        String[] keys = new String[COUNT];
        int found = 0;
        for (int number = 0; found < COUNT; number++) {
            String key = RedisKeys.mark(number);
            int range = RedisKeys.hashSlot(key) * COUNT / RedisKeys.HASH_SLOTS;
            if (keys[range] == null) {
                keys[range] = key;
                found++;
            }
        }
        return List.of(keys);
    }

    /** Returns the marks to read for each server, by its number. A server without a mark has an empty list. */
    static List<List<String>> perServer(StoreCheck.Masters masters) {
        List<List<String>> marks = new ArrayList<>();
        for (int server = 0; server < masters.count(); server++) {
            marks.add(new ArrayList<>());
        }
        for (String key : KEYS) {
            int server = masters.serving(key);
            if (server >= 0 && marks.get(server).size() < READ) {
                marks.get(server).add(key);
            }
        }
        return marks;
    }
}
