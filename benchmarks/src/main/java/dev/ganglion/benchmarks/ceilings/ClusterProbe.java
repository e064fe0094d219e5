package dev.ganglion.benchmarks.ceilings;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.map.IMap;
import dev.ganglion.benchmarks.load.Latency;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.ClusterMember;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.value.MemberAddress;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Measures the cluster's primitives between two members, each in a process of its own, joined as brains are. The
 * primitives are a request over the connection between nodes, a bare entry processor, and a claim in the slot directory. The
 * probe measures them in turns, one call after the other.
 *
 * <p>The request is measured a second time with a pause before each call, because commands arrive with pauses between
 * them. Threads and caches have gone cold by then.
 *
 * <p>Arguments: own port, the other member's port, {@code answer} or {@code ask}, number of rounds.
 */
public final class ClusterProbe {
    private static final int MESSAGE_BYTES = 300;
    private static final int IN_A_TURN = 100;
    private static final int WARM_UP_ROUNDS = 30;
    private static final long PAUSE_MS = 5;
    private static final long MAX_MICROS = 60_000_000;
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(40);
    private static final Buffer MESSAGE = Buffer.buffer(new byte[MESSAGE_BYTES]);

    private final ClusterMember member;
    private final Context context;
    private final Histogram hops = new Histogram(MAX_MICROS, 3);
    private final Histogram sparse = new Histogram(MAX_MICROS, 3);
    private final Histogram bare = new Histogram(MAX_MICROS, 3);
    private final Histogram claims = new Histogram(MAX_MICROS, 3);

    private ClusterProbe(ClusterMember member) {
        this.member = member;
        this.context = member.vertx().getOrCreateContext();
    }

    /** Joins the cluster and runs as the answering or as the asking member. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        List<MemberAddress> members = List.of(address(port), address(Integer.parseInt(args[1])));
        ClusterConfig config = new ClusterConfig(
                members,
                Optional.empty(),
                "probe-" + Math.min(port, Integer.parseInt(args[1])),
                new ClusterConfig.OwnAddress("127.0.0.1", port, 0),
                Optional.empty(),
                Duration.ofSeconds(10),
                Optional.of(hazelcast()));
        ClusterMember member = await(
                ClusterMember.join(config, List.of(new byte[32]), new VertxOptions(), Transport.nativeTransport()));
        if (args[2].equals("answer")) {
            await(member.links().orElseThrow().receive((peer, message) -> true));
            System.out.println("READY");
            return;
        }
        long end = System.nanoTime() + JOIN_LIMIT.toNanos();
        while (member.peers().size() < 2 && System.nanoTime() < end) {
            Thread.sleep(100);
        }
        System.out.println("RESULT "
                + new ClusterProbe(member).measure(Integer.parseInt(args[3])).encode());
        System.exit(0);
    }

    private static MemberAddress address(int port) {
        return new MemberAddress("127.0.0.1", OptionalInt.of(port));
    }

    private static Path hazelcast() throws IOException {
        Path file = Files.createTempFile("bench-hazelcast", ".yaml");
        file.toFile().deleteOnExit();
        return Files.writeString(
                file,
                "hazelcast:\n  serialization:\n    data-serializable-factories:\n      - factory-id: "
                        + BareEntryProcessor.FACTORY + "\n        class-name: "
                        + BareEntryProcessor.Factory.class.getName() + "\n");
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private Future<Void> request() {
        String other = member.peers().stream()
                .filter(node -> !node.equals(member.nodeId()))
                .findAny()
                .orElseThrow();
        return member.links().orElseThrow().request(other, MESSAGE);
    }

    private JsonObject measure(int rounds) {
        IMap<String, Long> map =
                Hazelcast.getAllHazelcastInstances().iterator().next().getMap("bench.bare");
        Liveness nodes = new Everyone(member);
        SlotDirectory slots = member.slots(nodes, Clock.systemUTC(), Ticker.system());
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            if (round == 0) {
                hops.reset();
                bare.reset();
                claims.reset();
            }
            int base = (round + WARM_UP_ROUNDS) * IN_A_TURN;
            turn(hops, 0, i -> () -> request());
            if (round >= 0) {
                turn(sparse, PAUSE_MS, i -> () -> request());
            }
            turn(bare, 0, i -> {
                String key = UUID.randomUUID().toString();
                return () -> Future.fromCompletionStage(
                        map.submitToKey(key, new BareEntryProcessor(base + i)).toCompletableFuture(), context);
            });
            List<SessionRef> held = new ArrayList<>();
            turn(claims, 0, i -> {
                SessionRef session = session(UUID.randomUUID().toString());
                held.add(session);
                return () -> slots.claim(session, 64);
            });
            held.forEach(slots::released);
            map.clear();
        }
        return new JsonObject()
                .put("bus_request_ms", Latency.of(hops))
                .put("sparse_bus_request_ms", Latency.of(sparse))
                .put("entry_processor_ms", Latency.of(bare))
                .put("claim_ms", Latency.of(claims));
    }

    /**
     * Makes one turn of calls on an event loop. Each call starts when the previous one is answered and the pause is
     * over.
     */
    private void turn(Histogram to, long pauseMillis, Function<Integer, Supplier<Future<?>>> calls) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> next(to, pauseMillis, calls, 0, done));
        Object unused = await(done.future());
    }

    private void next(
            Histogram to, long pauseMillis, Function<Integer, Supplier<Future<?>>> calls, int i, Promise<Void> done) {
        if (i == IN_A_TURN) {
            done.complete();
            return;
        }
        Supplier<Future<?>> call = calls.apply(i);
        long begin = System.nanoTime();
        call.get().onComplete(answered -> {
            to.recordValue((System.nanoTime() - begin) / 1_000);
            if (answered.failed()) {
                done.tryFail(answered.cause());
            } else if (pauseMillis > 0) {
                member.vertx().setTimer(pauseMillis, v -> next(to, pauseMillis, calls, i + 1, done));
            } else {
                context.runOnContext(v -> next(to, pauseMillis, calls, i + 1, done));
            }
        });
    }

    private SessionRef session(String agentId) {
        return new SessionRef("project", "slug", 0, agentId, "worker", agentId, member.nodeId(), null);
    }

    /** Treats every member that the cluster sees as alive. */
    private record Everyone(ClusterMember member) implements Liveness {
        @Override
        public String self() {
            return member.nodeId();
        }

        @Override
        public Set<String> live() {
            return member.peers();
        }

        @Override
        public Set<String> trusted() {
            return member.peers();
        }

        @Override
        public boolean recent() {
            return true;
        }
    }
}
