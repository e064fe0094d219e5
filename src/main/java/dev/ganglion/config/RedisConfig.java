package dev.ganglion.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The store.
 *
 * @param uri where Redis is, with the password that belongs to it
 * @param sentinelPassword the password of the sentinels, which is not Redis's
 * @param ca the certificates to trust in place of Java's own, when it speaks TLS
 * @param lanes connections that carry frames, each in order
 * @param durability what Redis must be set to
 * @param minReplicas replicas that must have a write before it is acknowledged
 */
public record RedisConfig(
        RedisUri uri,
        Optional<Secret> sentinelPassword,
        Optional<Path> ca,
        int lanes,
        Durability durability,
        int minReplicas) {
    private static final int USUAL_LANES = 4;

    /** A store with the defaults for all but the place. */
    public static RedisConfig at(RedisUri uri) {
        return new RedisConfig(uri, Optional.empty(), Optional.empty(), USUAL_LANES, Durability.ALWAYS, 0);
    }

    static RedisConfig from(Values values) {
        RedisUri uri = values.required(ConfigKeys.REDIS_URI);
        return new RedisConfig(
                values.optional(ConfigKeys.REDIS_PASSWORD)
                        .map(uri::withPassword)
                        .orElse(uri),
                values.optional(ConfigKeys.REDIS_SENTINEL_PASSWORD),
                values.optional(ConfigKeys.REDIS_TLS_CA),
                values.required(ConfigKeys.REDIS_LANES),
                values.required(ConfigKeys.REDIS_DURABILITY),
                values.required(ConfigKeys.REDIS_MIN_REPLICAS));
    }
}
