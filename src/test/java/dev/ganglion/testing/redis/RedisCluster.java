package dev.ganglion.testing.redis;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.network.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Redis Cluster of three masters on the loopback address, each with a third of the slots. Tests can move slots. */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int KEYS_AT_ONCE = 50;
    private static final Secret PASSWORD = Secret.of("the password of a cluster");

    private final List<RedisProcess> servers = new ArrayList<>();

    private RedisCluster() {}

    /** Starts a cluster that serves all slots and keeps its data in a directory. */
    public static RedisCluster start(Path data) {
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < MASTERS; i++) {
                cluster.servers.add(RedisProcess.start(RedisExtension.spec(data.resolve("server-" + i))
                        .withPassword(PASSWORD)
                        .withDirectives(
                                "cluster-enabled yes",
                                "cluster-port " + Ports.free(),
                                "cluster-node-timeout 3000",
                                "masterauth \"" + PASSWORD.value() + "\"")));
            }
            cluster.join();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void join() {
        for (int i = 0; i < MASTERS; i++) {
            call(i, "CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
            String first = String.valueOf(i * SLOTS / MASTERS);
            String last = String.valueOf((i + 1) * SLOTS / MASTERS - 1);
            call(i, "CLUSTER", "ADDSLOTSRANGE", first, last);
            if (i > 0) {
                String bus = call(i, "CONFIG", "GET", "cluster-port")
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow();
                call(
                        0,
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        String.valueOf(servers.get(i).port()),
                        bus);
            }
        }
        await().atMost(Duration.ofSeconds(40)).until(this::isWhole);
    }

    private boolean isWhole() {
        for (int i = 0; i < MASTERS; i++) {
            String state = call(i, "CLUSTER", "INFO");
            if (!state.contains("cluster_state:ok") || !state.contains("cluster_slots_assigned:" + SLOTS)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the address of the cluster, with its password and all servers. */
    public RedisUri uri() {
        return new RedisUri(
                RedisUri.Kind.CLUSTER,
                false,
                servers.stream()
                        .map(server -> new RedisAddress("127.0.0.1", server.port()))
                        .toList(),
                Optional.empty(),
                Optional.of(PASSWORD),
                Optional.empty(),
                0);
    }

    /** Returns the servers, which tests may freeze and kill. */
    public List<RedisProcess> servers() {
        return servers;
    }

    /** Sends one command to one server. */
    @CanIgnoreReturnValue
    public String call(int server, String... command) {
        return RedisCalls.call(servers.get(server).uri(), command);
    }

    /** Returns the cluster slot of a key, as computed by Redis. */
    public int slot(String key) {
        return Integer.parseInt(call(0, "CLUSTER", "KEYSLOT", key));
    }

    /** Returns the index of the server that owns a slot. */
    public int owner(int slot) {
        for (int i = 0; i < MASTERS; i++) {
            String self = Stream.of(call(i, "CLUSTER", "NODES").split("\n"))
                    .filter(line -> line.contains("myself"))
                    .findFirst()
                    .orElseThrow();
            String[] words = self.split(" ");
            for (String range : Arrays.asList(words).subList(8, words.length)) {
                String[] ends = range.split("-", -1);
                if (!range.startsWith("[")
                        && Integer.parseInt(ends[0]) <= slot
                        && slot <= Integer.parseInt(ends[ends.length - 1])) {
                    return i;
                }
            }
        }
        throw new AssertionError("no server owns slot " + slot);
    }

    /** Begins to move a slot. From then on, the source redirects requests for missing keys to the target. */
    public void beginMove(int slot, int to) {
        int from = owner(slot);
        call(to, "CLUSTER", "SETSLOT", String.valueOf(slot), "IMPORTING", id(from));
        call(from, "CLUSTER", "SETSLOT", String.valueOf(slot), "MIGRATING", id(to));
    }

    /** Moves one key of a migrating slot. Until the move ends, both masters reject calls that need it and other keys. */
    public void moveKey(int slot, int to, String key) {
        migrate(owner(slot), to, List.of(key));
    }

    /** Moves all keys of a migrating slot in small groups, then assigns the slot to the target. */
    public void endMove(int slot, int to) {
        int from = owner(slot);
        for (List<String> keys = keys(from, slot); !keys.isEmpty(); keys = keys(from, slot)) {
            migrate(from, to, keys);
        }
        String receiver = id(to);
        call(to, "CLUSTER", "SETSLOT", String.valueOf(slot), "NODE", receiver);
        call(from, "CLUSTER", "SETSLOT", String.valueOf(slot), "NODE", receiver);
    }

    private void migrate(int from, int to, List<String> keys) {
        List<String> command = new ArrayList<>(
                List.of("MIGRATE", "127.0.0.1", String.valueOf(servers.get(to).port()), "", "0", "5000", "AUTH"));
        command.add(PASSWORD.value());
        command.add("KEYS");
        command.addAll(keys);
        call(from, command.toArray(String[]::new));
    }

    private List<String> keys(int server, int slot) {
        return call(server, "CLUSTER", "GETKEYSINSLOT", String.valueOf(slot), String.valueOf(KEYS_AT_ONCE))
                .lines()
                .filter(key -> !key.isEmpty())
                .toList();
    }

    private String id(int server) {
        return call(server, "CLUSTER", "MYID");
    }

    @Override
    public void close() {
        servers.forEach(RedisProcess::stop);
    }
}
