package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds the settings for Redis, where the brain stores its data.
 *
 * @param uri address of Redis, with its password
 * @param sentinelPassword password of the sentinels, which is separate from that of Redis
 * @param ca PEM file with the certificates to trust instead of Java's own, for TLS connections
 * @param lanes number of lanes; each lane has its own connection to Redis and keeps frames in order
 * @param durability durability that Redis must be configured for
 * @param minReplicas number of replicas that must have a write before the brain acknowledges it
 * @param files files of the passwords, which are read again for each new connection
 * @param storeId identity that the store must have; empty for any
 */
public record RedisConfig(
        RedisUri uri,
        Optional<Secret> sentinelPassword,
        Optional<Path> ca,
        int lanes,
        Durability durability,
        int minReplicas,
        SecretFiles files,
        Optional<String> storeId) {
    private static final int USUAL_LANES = 4;

    /** Returns the default settings for a Redis at this address. */
    public static RedisConfig at(RedisUri uri) {
        return new RedisConfig(
                uri,
                Optional.empty(),
                Optional.empty(),
                USUAL_LANES,
                Durability.ALWAYS,
                0,
                SecretFiles.NONE,
                Optional.empty());
    }

    static RedisConfig from(CheckedValues values) {
        RedisUri uri = values.required(ConfigKeys.REDIS_URI);
        return new RedisConfig(
                values.optional(ConfigKeys.REDIS_PASSWORD)
                        .map(uri::withPassword)
                        .orElse(uri),
                values.optional(ConfigKeys.REDIS_SENTINEL_PASSWORD),
                values.optional(ConfigKeys.REDIS_TLS_CA),
                values.required(ConfigKeys.REDIS_LANES),
                values.required(ConfigKeys.REDIS_DURABILITY),
                values.required(ConfigKeys.REDIS_MIN_REPLICAS),
                new SecretFiles(
                        values.file(ConfigKeys.REDIS_PASSWORD), values.file(ConfigKeys.REDIS_SENTINEL_PASSWORD)),
                values.optional(ConfigKeys.REDIS_STORE_ID));
    }
}
