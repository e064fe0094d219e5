package dev.ganglion.config;

import dev.ganglion.config.source.ConfigSources;
import java.util.Map;

/**
 * Holds the complete, validated configuration of a node.
 *
 * @param http the port that serves agents, REST and the dashboard
 * @param redis the connection to Redis
 * @param security the brain's own secrets, user logins and the audit log
 * @param agent agent connections
 * @param events retention of events and tasks
 * @param store behaviour while Redis is unavailable
 * @param cluster the other nodes
 * @param observability the metrics endpoint and logging
 */
public record GanglionConfig(
        HttpConfig http,
        RedisConfig redis,
        SecurityConfig security,
        AgentConfig agent,
        EventConfig events,
        StoreConfig store,
        ClusterConfig cluster,
        ObservabilityConfig observability) {
    static GanglionConfig from(CheckedValues values) {
        return new GanglionConfig(
                HttpConfig.from(values),
                RedisConfig.from(values),
                SecurityConfig.from(values),
                AgentConfig.from(values),
                EventConfig.from(values),
                StoreConfig.from(values),
                ClusterConfig.from(values),
                ObservabilityConfig.from(values));
    }

    /** Returns a configuration with every key at its default. */
    public static GanglionConfig defaults() {
        return with(Map.of());
    }

    /**
     * Returns the defaults with some keys overridden, as in {@code Map.of("http.port", "0")}; for tests and embedding.
     */
    public static GanglionConfig with(Map<String, String> overrides) {
        return ConfigLoader.load(ConfigSources.none().withFlags(overrides)).config();
    }
}
