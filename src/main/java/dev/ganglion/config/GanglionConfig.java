package dev.ganglion.config;

import java.time.Duration;
import java.util.Map;

/**
 * The whole configuration, checked.
 *
 * @param http the one port for agents, REST and the dashboard
 * @param redis the store
 * @param security the brain's own secrets
 * @param auth logins and the audit
 * @param agent the connections of agents
 * @param events how long events are kept
 * @param store what happens while the store is away
 * @param cluster the other nodes
 * @param drainWindow over how long a node that leaves sends its agents away
 * @param metrics the metrics endpoint
 * @param log logging
 */
public record GanglionConfig(
        HttpConfig http,
        RedisConfig redis,
        SecurityConfig security,
        AuthConfig auth,
        AgentConfig agent,
        EventConfig events,
        StoreConfig store,
        ClusterConfig cluster,
        Duration drainWindow,
        MetricsConfig metrics,
        LogConfig log) {
    static GanglionConfig from(Values values) {
        return new GanglionConfig(
                HttpConfig.from(values),
                RedisConfig.from(values),
                SecurityConfig.from(values),
                AuthConfig.from(values),
                AgentConfig.from(values),
                EventConfig.from(values),
                StoreConfig.from(values),
                ClusterConfig.from(values),
                values.required(ConfigKeys.DRAIN_WINDOW),
                MetricsConfig.from(values),
                LogConfig.from(values));
    }

    /** Every key at its default. */
    public static GanglionConfig defaults() {
        return with(Map.of());
    }

    /** The defaults with some keys set, as in {@code Map.of("http.port", "0")}; for tests and embedding. */
    public static GanglionConfig with(Map<String, String> overrides) {
        return ConfigLoader.load(ConfigSources.none().withFlags(overrides)).config();
    }
}
