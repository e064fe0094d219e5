package dev.ganglion.config.key;

import dev.ganglion.config.value.BooleanType;
import dev.ganglion.config.value.ChoiceType;
import dev.ganglion.config.value.Cidr;
import dev.ganglion.config.value.CidrType;
import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.IntegerType;
import dev.ganglion.config.value.ListType;
import dev.ganglion.config.value.LogFormat;
import dev.ganglion.config.value.LogLevel;
import dev.ganglion.config.value.MemberAddress;
import dev.ganglion.config.value.MemberAddressType;
import dev.ganglion.config.value.PathType;
import dev.ganglion.config.value.QuantityType;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.RedisUriType;
import dev.ganglion.config.value.Secret;
import dev.ganglion.config.value.SecretType;
import dev.ganglion.config.value.TextType;
import dev.ganglion.config.value.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lists all configuration keys. The parser, {@code config show}, the reference file {@code conf/ganglion.yaml} and the
 * table of keys in the documentation are all derived from this list.
 */
public final class ConfigKeys {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;

    private static final List<ConfigKey<?>> TABLE = new ArrayList<>();

    public static final ConfigKey<String> HTTP_HOST = key(
            "http.host",
            new TextType("address or host name"),
            "127.0.0.1",
            "Address to listen on. 0.0.0.0 listens on all interfaces: then use TLS here or put a TLS proxy in front.");
    public static final ConfigKey<Integer> HTTP_PORT = key(
            "http.port",
            new IntegerType(0, 65_535),
            "7700",
            "Port for agents, REST and the dashboard; 0 picks any free port.");
    public static final ConfigKey<Path> HTTP_TLS_CERT = key(
            "http.tls.cert",
            new PathType("PEM file"),
            "",
            "Certificate with its chain. Needs http.tls.key. The brain reloads the file when it changes.");
    public static final ConfigKey<Path> HTTP_TLS_KEY =
            key("http.tls.key", new PathType("PEM file"), "", "Private key of http.tls.cert.");
    public static final ConfigKey<List<Cidr>> HTTP_TRUSTED_PROXIES = list(
            "http.trusted-proxies",
            new ListType<>(new CidrType(), 64),
            "Proxies whose X-Forwarded-For and -Proto headers the brain trusts, so that limits apply to the client.");
    public static final ConfigKey<Boolean> HTTP_PROXY_PROTOCOL = key(
            "http.proxy-protocol",
            new BooleanType(),
            "false",
            "Expect a PROXY protocol header (v1 or v2) on every connection; trusted only from http.trusted-proxies.");
    public static final ConfigKey<Integer> HTTP_EVENT_LOOPS = key(
            "http.event-loops",
            new IntegerType(0, 1024),
            "0",
            "Number of event loops; 0 means one per core and at least two.");
    public static final ConfigKey<Duration> HTTP_HEAD_TIMEOUT = key(
            "http.head-timeout",
            duration("PT1S", "PT2M"),
            "10s",
            "The head of a request, with the TLS handshake and PROXY header before it, must arrive within this time.");
    public static final ConfigKey<Duration> HTTP_IDLE_TIMEOUT = key(
            "http.idle-timeout",
            duration("PT1S", "PT1H"),
            "75s",
            "The brain closes a connection without a request for this long. Proxies should close theirs earlier.");
    public static final ConfigKey<Integer> HTTP_MAX_CONNECTIONS = key(
            "http.max-connections",
            new IntegerType(0, 1_000_000),
            "0",
            "Largest number of open connections; 0 means 90% of the open files that the system allows, or 256 fewer.");
    public static final ConfigKey<Integer> HTTP_WAITING_CONNECTIONS = key(
            "http.waiting-connections",
            new IntegerType(1, 1_000_000),
            "1000",
            "Connections of one IPv4 address or IPv6 /64 that wait for a request before any login; the oldest is closed.");
    public static final ConfigKey<Long> HTTP_SOCKET_BUDGET = key(
            "http.socket-budget",
            QuantityType.size(16 * MIB, 64 * GIB),
            "",
            "Memory for messages of WebSockets; above, the brain cuts the socket that holds most. Default: 1/4 of the heap.");
    public static final ConfigKey<Long> HTTP_ANSWER_BUDGET = key(
            "http.answer-budget",
            QuantityType.size(16 * MIB, 64 * GIB),
            "",
            "Memory for REST answers in the making; above, the brain answers 503. Default: 1/8 of the heap, 16 to 256 MiB.");
    public static final ConfigKey<Long> HTTP_UPLOAD_BUDGET = key(
            "http.upload-budget",
            QuantityType.size(16 * MIB, 64 * GIB),
            "",
            "Memory for request bodies; above, the brain answers 503. Default: 1/8 of the heap, 64 to 256 MiB.");

    public static final ConfigKey<RedisUri> REDIS_URI = key(
            "redis.uri",
            new RedisUriType(),
            "redis://127.0.0.1:6379",
            "Address of Redis, of its sentinels, or of some servers of a Redis Cluster; a rediss… scheme uses TLS.");
    public static final ConfigKey<Secret> REDIS_PASSWORD =
            key("redis.password", SecretType.of(1, 4096), "", "Password for Redis, if redis.uri does not contain it.");
    public static final ConfigKey<Secret> REDIS_SENTINEL_PASSWORD = key(
            "redis.sentinel-password", SecretType.of(1, 4096), "", "Password for the sentinels, if they require one.");
    public static final ConfigKey<Path> REDIS_TLS_CA = key(
            "redis.tls.ca",
            new PathType("PEM file"),
            "",
            "CA certificates to trust for Redis instead of Java's own; needs a redis.uri that begins with rediss.");
    public static final ConfigKey<Integer> REDIS_LANES = key(
            "redis.lanes",
            new IntegerType(1, 64),
            "4",
            "Number of lanes: ordered queues of frames, each with its own connection to Redis.");
    public static final ConfigKey<Durability> REDIS_DURABILITY = key(
            "redis.durability",
            ChoiceType.of(Durability.class),
            "always",
            "Required appendfsync of Redis. A crash of Redis loses no acked events with always, about 2 s with everysec.");
    public static final ConfigKey<Integer> REDIS_MIN_REPLICAS = key(
            "redis.min-replicas",
            new IntegerType(0, 16),
            "0",
            "Number of replicas that must have a write before the brain acknowledges it.");
    public static final ConfigKey<String> REDIS_STORE_ID = key(
            "redis.store-id",
            new TextType("id that `ganglion store show` prints"),
            "",
            "Identity that the data in Redis must have; with any other, or none, the brain does not start.");

    public static final ConfigKey<Secret> MASTER_SECRET = key(
            "master-secret",
            SecretType.of(32, 4096),
            "",
            "Secret from which all others are derived; the same on every node. `serve` needs it, `dev` creates one.");
    public static final ConfigKey<List<Secret>> PREVIOUS_SECRETS = list(
            "previous-secrets",
            new ListType<>(SecretType.of(32, 4096), 8),
            "Former master secrets that the brain still accepts while agents move to the new one.");
    public static final ConfigKey<Secret> ADMIN_KEY = key(
            "admin-key",
            new SecretType(
                    20,
                    256,
                    Optional.of(
                            new SecretType.Shape(Pattern.compile("z4k_[\\x21-\\x7e]+"), "z4k_ and printable ASCII"))),
            "",
            "First key for REST, with all rights. If unset, the brain creates one at its first start and prints it once.");

    public static final ConfigKey<Duration> AUTH_SESSION_TTL = key(
            "auth.session-ttl",
            duration("PT2S", "P90D"),
            "12h",
            "Longest lifetime of a login, even while it is in use.");
    public static final ConfigKey<Duration> AUTH_SESSION_IDLE =
            key("auth.session-idle", duration("PT2S", "P90D"), "1h", "A login that is unused for this long expires.");

    public static final ConfigKey<Integer> AUDIT_MAX_RECORDS = key(
            "audit.max-records",
            new IntegerType(100, 10_000_000),
            "200000",
            "Number of audit records to keep, about 600 bytes of Redis memory each; the oldest are dropped first.");

    public static final ConfigKey<Duration> AGENT_HEARTBEAT_INTERVAL = key(
            "agent.heartbeat-interval",
            duration("PT1S", "PT5M"),
            "10s",
            "Heartbeat interval of agents, in whole seconds. If unset, a short agent.idle-timeout shortens it.");
    public static final ConfigKey<Duration> AGENT_IDLE_TIMEOUT = key(
            "agent.idle-timeout",
            duration("PT2S", "PT1H"),
            "90s",
            "The brain closes a connection without a frame for this long (4408). Must exceed agent.heartbeat-interval.");
    public static final ConfigKey<Duration> AGENT_HELLO_TIMEOUT = key(
            "agent.hello-timeout",
            duration("PT1S", "PT1M"),
            "10s",
            "The first frame of a connection must arrive within this time (4400).");
    public static final ConfigKey<Integer> AGENT_MAX_FRAME_SIZE = key(
            "agent.max-frame-size",
            QuantityType.smallSize(64 * KIB, 16 * MIB),
            "1MiB",
            "Size of the largest accepted frame; a larger one closes the connection (1009).");
    public static final ConfigKey<Integer> AGENT_CONNECTION_CAP = key(
            "agent.connection-cap",
            new IntegerType(0, 100_000),
            "64",
            "Connections per agent in the whole cluster (4429), unless the agent or project has its own cap; 0 for no cap.");
    public static final ConfigKey<Integer> AGENT_FRAMES_IN_FLIGHT = key(
            "agent.frames-in-flight",
            new IntegerType(1, 1024),
            "32",
            "Frames of one connection that may wait for Redis before the brain pauses reading from the connection.");
    public static final ConfigKey<Integer> AGENT_MAX_PENDING_OUTPUT = key(
            "agent.max-pending-output",
            QuantityType.smallSize(64 * KIB, 1024 * MIB),
            "4MiB",
            "Bytes that a slow client may leave unread before the brain disconnects it.");
    public static final ConfigKey<Integer> AGENT_HANDSHAKE_RATE = key(
            "agent.handshake-rate",
            new IntegerType(0, 1_000_000),
            "200",
            "New connections per second from one IPv4 address or IPv6 /64; above, the brain answers HTTP 429. 0: no limit.");
    public static final ConfigKey<Integer> AGENT_HANDSHAKE_BURST = key(
            "agent.handshake-burst",
            new IntegerType(1, 1_000_000),
            "1000",
            "New connections from one address or /64 that may arrive at once before agent.handshake-rate applies.");

    public static final ConfigKey<Duration> EVENTS_RETENTION_AGE = key(
            "events.retention-age",
            duration("PT1M", "P3650D"),
            "7d",
            "The brain deletes events that are older than this.");
    public static final ConfigKey<Long> EVENTS_RETENTION_BYTES = key(
            "events.retention-bytes",
            QuantityType.size(MIB, GIB * MIB),
            "1GiB",
            "Largest size of a project's events as Redis stores them, compressed; the oldest are deleted first.");

    public static final ConfigKey<Integer> EVENTS_RETENTION_TASKS = key(
            "events.retention-tasks",
            new IntegerType(1_000, 10_000_000),
            "100000",
            "Tasks that a project keeps for each of its shards, for at most events.retention-age; the oldest are deleted first.");
    public static final ConfigKey<Long> EVENTS_RETENTION_TASK_BYTES = key(
            "events.retention-task-bytes",
            QuantityType.size(16 * MIB, GIB * MIB),
            "512MiB",
            "Largest size of a project's tasks in Redis; the oldest are deleted first.");

    public static final ConfigKey<Long> PROJECTION_MEMORY = key(
            "projection.memory",
            QuantityType.size(MIB, 64 * GIB),
            "",
            "Memory for open and recently changed tasks of the projects that this node projects. Default: 1/8 of the heap.");

    public static final ConfigKey<Duration> STORE_PAUSE_LIMIT = key(
            "store.pause-limit",
            duration("PT5S", "PT45S"),
            "30s",
            "How long connections pause while Redis is unavailable, before the brain closes them (1011).");

    public static final ConfigKey<List<MemberAddress>> CLUSTER_MEMBERS = list(
            "cluster.members",
            new ListType<>(new MemberAddressType(), 64),
            "Addresses of the nodes, with or without this one. If this and cluster.dns are unset, the node runs alone.");
    public static final ConfigKey<String> CLUSTER_DNS = key(
            "cluster.dns",
            new TextType("host name"),
            "",
            "Host name that resolves to the addresses of all nodes, as a headless service does; all use cluster.port.");
    public static final ConfigKey<String> CLUSTER_NAME = key(
            "cluster.name",
            new TextType("one word"),
            "ganglion",
            "Name of the cluster; nodes with different names do not join each other.");
    public static final ConfigKey<String> CLUSTER_HOST = key(
            "cluster.host",
            new TextType("address or host name"),
            "127.0.0.1",
            "Address at which the other nodes reach this node: a private IPv4 or IPv6 address, never 0.0.0.0 or ::.");
    public static final ConfigKey<Integer> CLUSTER_PORT = key(
            "cluster.port",
            new IntegerType(1, 65_535),
            "5701",
            "Port of Hazelcast, which has no TLS and no authentication: keep it within a private network.");
    public static final ConfigKey<Path> CLUSTER_HAZELCAST = key(
            "cluster.hazelcast",
            new PathType("YAML or XML file"),
            "",
            "Hazelcast's own configuration file, for settings without a key here; it may open no endpoint but the nodes'.");
    public static final ConfigKey<Integer> CLUSTER_BUS_PORT = key(
            "cluster.bus-port",
            new IntegerType(0, 65_535),
            "5801",
            "Port of the event bus, where nodes prove that they know the master secret; 0 picks any free port.");
    public static final ConfigKey<Path> CLUSTER_TLS_CERT = key(
            "cluster.tls.cert",
            new PathType("PEM file"),
            "",
            "This node's certificate for the event bus. It encrypts the messages; cluster.tls.key must belong to it.");
    public static final ConfigKey<Path> CLUSTER_TLS_KEY =
            key("cluster.tls.key", new PathType("PEM file"), "", "Private key of cluster.tls.cert.");
    public static final ConfigKey<Path> CLUSTER_TLS_CA = key(
            "cluster.tls.ca", new PathType("PEM file"), "", "CA certificates that sign the certificates of the nodes.");
    public static final ConfigKey<Duration> CLUSTER_FAILURE_TIMEOUT = key(
            "cluster.failure-timeout",
            duration("PT3S", "PT30S"),
            "6s",
            "The cluster removes a node that is silent for this long.");
    public static final ConfigKey<Duration> DRAIN_WINDOW = key(
            "drain.window",
            duration("PT0S", "PT5M"),
            "5s",
            "A node that shuts down closes its agents' connections one by one over this period (1001).");

    public static final ConfigKey<Secret> METRICS_TOKEN = key(
            "metrics.token",
            SecretType.of(8, 256),
            "",
            "Bearer token that may read /metrics; the admin key always may.");

    public static final ConfigKey<LogLevel> LOG_LEVEL =
            key("log.level", ChoiceType.of(LogLevel.class), "info", "Lowest level that is logged.");
    public static final ConfigKey<LogFormat> LOG_FORMAT = key(
            "log.format",
            ChoiceType.of(LogFormat.class),
            "text",
            "Format of the log: plain text for people, or one JSON object per line.");

    private ConfigKeys() {}

    /** Returns all keys, in the order of the reference file. */
    public static List<ConfigKey<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    /** Registers a key. An empty default text means that the key has no default. */
    private static <T> ConfigKey<T> key(String name, ValueType<T> type, String defaultText, String description) {
        Optional<String> text = defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText);
        return add(new ConfigKey<>(name, type, text, description));
    }

    /** Registers a key whose value is a list; the default is the empty list. */
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
