package dev.ganglion.chaos;

import dev.ganglion.cluster.DirectoryView;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisCalls;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Three nodes as processes that form a cluster, and the Redis that outlives them. */
final class ThreeNodes implements AutoCloseable {
    static final int SIZE = 3;
    private static final Duration READY = Duration.ofSeconds(90);

    /** The user of Redis that the nodes use. */
    private static final String USER = "brain";

    private static final String FIRST_PASSWORD = "the-first-password";

    private final Path passwordFile;
    private final RedisProcess redis;
    private final List<BrainNodeProcess> nodes = new ArrayList<>();
    private final List<String> members = new ArrayList<>();
    private final String clusterName;

    /**
     * The addresses of the nodes.
     *
     * @param httpHosts address of each node for agents and REST
     * @param clusterHosts address of each node for the other nodes
     * @param prefixes words in front of each node's command
     * @param redisHost address of Redis
     */
    record Places(List<String> httpHosts, List<String> clusterHosts, List<List<String>> prefixes, String redisHost) {
        static final String LOOPBACK = "127.0.0.1";

        /** Returns places that are all on the loopback address. */
        static Places loopback() {
            List<String> hosts = List.of(LOOPBACK, LOOPBACK, LOOPBACK);
            return new Places(hosts, hosts, List.of(List.of(), List.of(), List.of()), LOOPBACK);
        }
    }

    /** Starts Redis and all nodes. The nodes are ready when {@link #awaitAll} has returned. */
    ThreeNodes(Path work, Places places) {
        try {
            Path data = Files.createDirectories(work.resolve("redis"));
            boolean loopback = places.redisHost().equals(Places.LOOPBACK);
            passwordFile = Files.writeString(work.resolve("redis-password"), FIRST_PASSWORD);
            redis = RedisProcess.start(RedisExtension.spec(data)
                    .withDirectives(
                            "user " + USER + " on >" + FIRST_PASSWORD + " ~* &* +@all",
                            "bind " + Places.LOOPBACK + (loopback ? "" : " " + places.redisHost())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int first = Ports.firstOf(2 * SIZE);
        clusterName = "chaos-" + first;
        for (int i = 0; i < SIZE; i++) {
            members.add(places.clusterHosts().get(i) + ":" + (first + SIZE + i));
        }
        for (int i = 0; i < SIZE; i++) {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("GANGLION_HTTP_HOST", places.httpHosts().get(i));
            environment.put("GANGLION_HTTP_PORT", String.valueOf(first + i));
            environment.put("GANGLION_HTTP_EVENT_LOOPS", "2");
            environment.put("GANGLION_MASTER_SECRET", "a master secret that is only for tests");
            environment.put("GANGLION_ADMIN_KEY", AdminRest.ADMIN_KEY);
            environment.put("GANGLION_AGENT_HANDSHAKE_RATE", "0");
            environment.put("GANGLION_REDIS_URI", "redis://" + USER + "@" + places.redisHost() + ":" + redis.port());
            environment.put("GANGLION_REDIS_PASSWORD_FILE", passwordFile.toString());
            environment.put("GANGLION_CLUSTER_NAME", clusterName);
            environment.put("GANGLION_CLUSTER_MEMBERS", String.join(",", members));
            environment.put("GANGLION_CLUSTER_HOST", places.clusterHosts().get(i));
            environment.put("GANGLION_CLUSTER_PORT", String.valueOf(first + SIZE + i));
            environment.put("GANGLION_CLUSTER_BUS_PORT", "0");
            nodes.add(new BrainNodeProcess(
                    "node-" + i,
                    new Endpoint(places.httpHosts().get(i), first + i),
                    places.prefixes().get(i),
                    environment,
                    work.resolve("node-" + i + ".txt")));
        }
        nodes.forEach(BrainNodeProcess::start);
    }

    /** Gives the nodes' user of Redis another password, and writes it into the file that the nodes read. */
    void rotatePassword(String password) {
        RedisCalls.call(redis.uri(), "ACL", "SETUSER", USER, "resetpass", ">" + password);
        try {
            Files.writeString(passwordFile, password);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all connections of the nodes to Redis. */
    void cutRedisConnections() {
        RedisCalls.call(redis.uri(), "CLIENT", "KILL", "USER", USER);
    }

    RedisProcess redis() {
        return redis;
    }

    List<BrainNodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    BrainNodeProcess node(int i) {
        return nodes.get(i);
    }

    /** Returns a view of the slot directory that the nodes share. */
    DirectoryView directory() {
        return new DirectoryView(clusterName, members);
    }

    AdminRest calls(int node) {
        return new AdminRest(nodes.get(node).http());
    }

    /** Waits until these nodes are ready and list exactly each other. */
    void awaitTogether(List<Integer> which, Duration limit) {
        Wait.until("nodes " + which + " to be ready and together", limit, () -> together(which));
    }

    /** Returns whether these nodes are ready and list exactly each other. */
    boolean together(List<Integer> which) {
        return which.stream().allMatch(i -> {
            JsonObject cluster = calls(i).ready() ? calls(i).cluster() : null;
            return cluster != null && cluster.getJsonArray("nodes").size() == which.size();
        });
    }

    void awaitAll() {
        awaitTogether(List.of(0, 1, 2), READY);
    }

    /** Returns the lines of the logs that report errors of the brain. */
    List<String> complaints() {
        return nodes.stream()
                .flatMap(node -> node.log().stream()
                        .filter(line -> line.contains("ERROR") || line.contains("Exception"))
                        .map(line -> node.name() + ": " + line))
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        nodes.forEach(BrainNodeProcess::kill9);
        redis.stop();
    }
}
