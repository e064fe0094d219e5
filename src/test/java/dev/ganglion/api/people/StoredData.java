package dev.ganglion.api.people;

import dev.ganglion.testing.redis.RedisExtension;

/** Returns all data about users that a Redis server stores, as text: keys, fields and values. */
final class StoredData {
    private StoredData() {}

    static String in(RedisExtension redis) {
        StringBuilder all = new StringBuilder();
        for (String key : redis.call("KEYS", "*ganglion*").split("\n", -1)) {
            String value = switch (redis.call("TYPE", key)) {
                case "hash" -> redis.call("HGETALL", key);
                case "zset" -> redis.call("ZRANGE", key, "0", "-1");
                case "stream" -> redis.call("XRANGE", key, "-", "+");
                case "string" -> redis.call("GET", key);
                default -> "";
            };
            all.append(key).append('\n').append(value).append('\n');
        }
        return all.toString();
    }
}
