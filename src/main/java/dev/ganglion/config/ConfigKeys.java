package dev.ganglion.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The table of all keys: parsing, {@code config show}, the reference file and the README's table come from it. */
public final class ConfigKeys {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;

    private static final List<ConfigKey<?>> TABLE = new ArrayList<>();

    static final ConfigKey<String> HTTP_HOST = key(
            "http.host",
            new TextType("address or host name"),
            "127.0.0.1",
            "Address to listen on; 0.0.0.0 is every one of the machine, which wants TLS here or a proxy in front.");
    static final ConfigKey<Integer> HTTP_PORT = key(
            "http.port",
            new IntegerType(0, 65_535),
            "7700",
            "Port for agents, REST and the dashboard; 0 is any free one.");
    static final ConfigKey<Path> HTTP_TLS_CERT = key(
            "http.tls.cert",
            new PathType("PEM file"),
            "",
            "Certificate with its chain; needs http.tls.key. Read again when it changes.");
    static final ConfigKey<Path> HTTP_TLS_KEY =
            key("http.tls.key", new PathType("PEM file"), "", "Private key of http.tls.cert.");
    static final ConfigKey<List<Cidr>> HTTP_TRUSTED_PROXIES = list(
            "http.trusted-proxies",
            new ListType<>(new CidrType(), 64),
            "Proxies whose X-Forwarded-For and -Proto are believed, so that limits and addresses mean the client.");
    static final ConfigKey<Boolean> HTTP_PROXY_PROTOCOL = key(
            "http.proxy-protocol",
            new SwitchType(),
            "false",
            "Every connection begins with a PROXY protocol header (v1 or v2), believed of http.trusted-proxies alone.");
    static final ConfigKey<Integer> HTTP_EVENT_LOOPS = key(
            "http.event-loops",
            new IntegerType(0, 1024),
            "0",
            "Event loops; 0 is one for each core, and two at least.");

    static final ConfigKey<RedisUri> REDIS_URI = key(
            "redis.uri",
            new RedisUriType(),
            "redis://127.0.0.1:6379",
            "The Redis that keeps everything, its sentinels, or servers of a Redis Cluster; rediss… speaks TLS.");
    static final ConfigKey<Secret> REDIS_PASSWORD =
            key("redis.password", SecretType.of(1, 4096), "", "Password for Redis, if it is not in redis.uri.");
    static final ConfigKey<Secret> REDIS_SENTINEL_PASSWORD =
            key("redis.sentinel-password", SecretType.of(1, 4096), "", "Password for the sentinels, if they have one.");
    static final ConfigKey<Path> REDIS_TLS_CA = key(
            "redis.tls.ca",
            new PathType("PEM file"),
            "",
            "Certificates that sign those of Redis, in place of the ones that Java trusts; needs rediss.");
    static final ConfigKey<Integer> REDIS_LANES =
            key("redis.lanes", new IntegerType(1, 64), "4", "Connections to Redis that carry frames, each in order.");
    static final ConfigKey<Durability> REDIS_DURABILITY = key(
            "redis.durability",
            ChoiceType.of(Durability.class),
            "always",
            "Redis's appendfsync: with always a crash loses nothing acknowledged, with everysec about 2 s of it.");
    static final ConfigKey<Integer> REDIS_MIN_REPLICAS = key(
            "redis.min-replicas",
            new IntegerType(0, 16),
            "0",
            "Replicas that must have a write before it is acknowledged.");

    static final ConfigKey<Secret> MASTER_SECRET = key(
            "master-secret",
            SecretType.of(32, 4096),
            "",
            "All other secrets derive from it; the same on every node. `serve` needs it, `dev` makes its own.");
    static final ConfigKey<List<Secret>> PREVIOUS_SECRETS = list(
            "previous-secrets",
            new ListType<>(SecretType.of(32, 4096), 8),
            "Master secrets that are still accepted while agents move to the new one.");
    static final ConfigKey<Secret> ADMIN_KEY = key(
            "admin-key",
            new SecretType(
                    20,
                    256,
                    Optional.of(
                            new SecretType.Shape(Pattern.compile("z4k_[\\x21-\\x7e]+"), "z4k_ and printable ASCII"))),
            "",
            "First key for REST, with all rights; without it one is made at first start and printed once.");

    static final ConfigKey<Duration> AUTH_SESSION_TTL = key(
            "auth.session-ttl", duration("PT2S", "P90D"), "12h", "A login ends after this time, however it is used.");
    static final ConfigKey<Duration> AUTH_SESSION_IDLE =
            key("auth.session-idle", duration("PT2S", "P90D"), "1h", "A login that is not used for so long ends.");

    static final ConfigKey<Integer> AUDIT_MAX_RECORDS = key(
            "audit.max-records",
            new IntegerType(100, 10_000_000),
            "200000",
            "Records of the audit that are kept, about 600 bytes of Redis each; the oldest beyond are dropped.");

    static final ConfigKey<Duration> AGENT_HEARTBEAT_INTERVAL = key(
            "agent.heartbeat-interval",
            duration("PT1S", "PT5M"),
            "10s",
            "How often agents are told to send a heartbeat, in whole seconds; not set, a short idle timeout shortens it.");
    static final ConfigKey<Duration> AGENT_IDLE_TIMEOUT = key(
            "agent.idle-timeout",
            duration("PT2S", "PT1H"),
            "90s",
            "A connection without a frame for so long is closed (4408); longer than agent.heartbeat-interval.");
    static final ConfigKey<Duration> AGENT_HELLO_TIMEOUT =
            key("agent.hello-timeout", duration("PT1S", "PT1M"), "10s", "The first frame must come within it (4400).");
    static final ConfigKey<Integer> AGENT_MAX_FRAME_SIZE =
            key("agent.max-frame-size", QuantityType.smallSize(64 * KIB, 16 * MIB), "1MiB", "Largest frame (1009).");
    static final ConfigKey<Integer> AGENT_CONNECTION_CAP = key(
            "agent.connection-cap",
            new IntegerType(0, 100_000),
            "64",
            "Connections of one agent over all nodes (4429), unless it or its project has its own cap; 0 is none.");
    static final ConfigKey<Integer> AGENT_FRAMES_IN_FLIGHT = key(
            "agent.frames-in-flight",
            new IntegerType(1, 1024),
            "32",
            "Frames of one connection that may wait for the store before reading from it pauses.");
    static final ConfigKey<Integer> AGENT_MAX_PENDING_OUTPUT = key(
            "agent.max-pending-output",
            QuantityType.smallSize(64 * KIB, 1024 * MIB),
            "4MiB",
            "Bytes that a client may leave unread before it is cut.");
    static final ConfigKey<Integer> AGENT_HANDSHAKE_RATE = key(
            "agent.handshake-rate",
            new IntegerType(0, 1_000_000),
            "200",
            "New connections a second from one address (HTTP 429); 0 is no limit.");
    static final ConfigKey<Integer> AGENT_HANDSHAKE_BURST = key(
            "agent.handshake-burst",
            new IntegerType(1, 1_000_000),
            "1000",
            "New connections from one address that may come at once.");

    static final ConfigKey<Duration> EVENTS_RETENTION_AGE =
            key("events.retention-age", duration("PT1M", "P3650D"), "7d", "Events older than this are trimmed.");
    static final ConfigKey<Long> EVENTS_RETENTION_BYTES = key(
            "events.retention-bytes",
            QuantityType.size(MIB, GIB * MIB),
            "1GiB",
            "Beyond this size the oldest events of a project are trimmed.");

    static final ConfigKey<Integer> EVENTS_RETENTION_TASKS = key(
            "events.retention-tasks",
            new IntegerType(1_000, 10_000_000),
            "100000",
            "Tasks that a shard of a project keeps, for events.retention-age at the most; the oldest go first.");

    static final ConfigKey<Duration> STORE_PAUSE_LIMIT = key(
            "store.pause-limit",
            duration("PT5S", "PT45S"),
            "30s",
            "How long connections are paused while Redis is away, before they are closed (1011).");

    static final ConfigKey<List<MemberAddress>> CLUSTER_MEMBERS = list(
            "cluster.members",
            new ListType<>(new MemberAddressType(), 64),
            "Nodes of the cluster, this one too or not; without it and cluster.dns the node stands alone.");
    static final ConfigKey<String> CLUSTER_DNS = key(
            "cluster.dns",
            new TextType("host name"),
            "",
            "Name that resolves to the addresses of all nodes, such as a headless service's; all use cluster.port.");
    static final ConfigKey<String> CLUSTER_NAME =
            key("cluster.name", new TextType("one word"), "ganglion", "Nodes of another name are strangers.");
    static final ConfigKey<String> CLUSTER_HOST = key(
            "cluster.host",
            new TextType("address or host name"),
            "127.0.0.1",
            "This node's own address, where the others reach it: a private one, never 0.0.0.0.");
    static final ConfigKey<Integer> CLUSTER_PORT = key(
            "cluster.port", new IntegerType(1, 65_535), "5701", "Port of Hazelcast, which has no TLS: keep it inside.");
    static final ConfigKey<Path> CLUSTER_HAZELCAST = key(
            "cluster.hazelcast",
            new PathType("YAML or XML file"),
            "",
            "Hazelcast's own configuration, for what has no key here; keys come before it.");
    static final ConfigKey<Integer> CLUSTER_BUS_PORT =
            key("cluster.bus-port", new IntegerType(0, 65_535), "5801", "Port of the event bus; 0 is any free one.");
    static final ConfigKey<Path> CLUSTER_TLS_CERT = key(
            "cluster.tls.cert",
            new PathType("PEM file"),
            "",
            "This node's certificate for the event bus; with cluster.tls.key and cluster.tls.ca only nodes may speak on it.");
    static final ConfigKey<Path> CLUSTER_TLS_KEY =
            key("cluster.tls.key", new PathType("PEM file"), "", "Private key of cluster.tls.cert.");
    static final ConfigKey<Path> CLUSTER_TLS_CA =
            key("cluster.tls.ca", new PathType("PEM file"), "", "Certificates that sign those of the nodes.");
    static final ConfigKey<Duration> CLUSTER_FAILURE_TIMEOUT = key(
            "cluster.failure-timeout",
            duration("PT3S", "PT30S"),
            "6s",
            "A node that is silent for so long is out of the cluster.");
    static final ConfigKey<Duration> DRAIN_WINDOW = key(
            "drain.window",
            duration("PT0S", "PT5M"),
            "5s",
            "A node that leaves sends its agents away one after the other over this time (1001).");

    static final ConfigKey<Secret> METRICS_TOKEN =
            key("metrics.token", SecretType.of(8, 256), "", "Bearer that may read /metrics; the admin key always may.");

    static final ConfigKey<LogLevel> LOG_LEVEL =
            key("log.level", ChoiceType.of(LogLevel.class), "info", "How much is logged.");
    static final ConfigKey<LogFormat> LOG_FORMAT = key(
            "log.format",
            ChoiceType.of(LogFormat.class),
            "text",
            "How it is logged: as lines for people, or as one JSON object a line.");

    private ConfigKeys() {}

    /** Every key, in the order of the reference file. */
    public static List<ConfigKey<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    /** A key; an empty default means that it has none. */
    private static <T> ConfigKey<T> key(String name, ValueType<T> type, String defaultText, String description) {
        Optional<String> text = defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText);
        return add(new ConfigKey<>(name, type, text, description));
    }

    /** A list, which is empty by default. */
    private static <T> ConfigKey<List<T>> list(String name, ListType<T> type, String description) {
        return add(new ConfigKey<>(name, type, Optional.of(""), description));
    }

    private static <T> ConfigKey<T> add(ConfigKey<T> key) {
        TABLE.add(key);
        return key;
    }

    private static QuantityType<Duration> duration(String min, String max) {
        return QuantityType.duration(Duration.parse(min), Duration.parse(max));
    }
}
