package dev.ganglion.benchmarks.ceilings;

import dev.ganglion.benchmarks.ceilings.Recording.Unit;
import dev.ganglion.benchmarks.host.Machine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends recorded commands through the Vert.x Redis client, with one connection per lane as in a brain, and measures the
 * CPU time of the client's event loops. The recording is parsed before the measurement. The requests are built during
 * it, because a brain builds them too.
 */
public final class VertxPlayer implements RedisReplay.Player, AutoCloseable {
    private static final int GROUPS_IN_FLIGHT = 4;
    private static final int WAITING = 4_096;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Vertx vertx;
    private final String uri;
    private final Set<Long> loops = ConcurrentHashMap.newKeySet();
    private @Nullable Recording parsedOf;
    private List<List<List<List<Buffer>>>> parsed = List.of();
    private double cpuSeconds;
    private long frames;

    /** Creates a client of the Redis at this loopback port. */
    public VertxPlayer(int port, String password) {
        uri = "redis://:" + password + "@127.0.0.1:" + port;
        int loopCount = Machine.eventLoops();
        vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loopCount))
                .build();
    }

    /** CPU time of the event loops in microseconds per frame, since creation or {@link #reset}. */
    public double microsPerFrame() {
        return cpuSeconds * 1e6 / Math.max(1, frames);
    }

    /** Resets the CPU time and the frame count. */
    public void reset() {
        cpuSeconds = 0;
        frames = 0;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Comparing the contents would take longer than parsing them again.
    public void play(Recording recording) {
        if (parsedOf != recording) {
            parsed = recording.lanes().stream()
                    .map(lane -> lane.stream().map(VertxPlayer::parse).toList())
                    .toList();
            parsedOf = recording;
        }
        List<Lane> lanes = new ArrayList<>();
        for (List<List<List<Buffer>>> units : parsed) {
            lanes.add(new Lane(units));
        }
        await(Future.all(lanes.stream().map(Lane::connect).toList()).mapEmpty());
        double before = cpu();
        await(Future.all(lanes.stream().map(Lane::run).toList()).mapEmpty());
        cpuSeconds += cpu() - before;
        frames += recording.frames();
        lanes.forEach(lane -> lane.client.close().onFailure(failure -> {}));
    }

    private static void await(Future<Void> future) {
        Object unused = future.toCompletionStage().toCompletableFuture().join();
    }

    private double cpu() {
        return loops.stream().mapToLong(threads::getThreadCpuTime).sum() / 1e9;
    }

    /** Splits a unit into commands, and each command into its words. */
    private static List<List<Buffer>> parse(Unit unit) {
        List<List<Buffer>> commands = new ArrayList<>();
        byte[] bytes = unit.bytes();
        int at = 0;
        while (at < bytes.length) {
            int line = lineEnd(bytes, at);
            int words = number(bytes, at, line);
            at = line + 2;
            List<Buffer> command = new ArrayList<>(words);
            for (int i = 0; i < words; i++) {
                line = lineEnd(bytes, at);
                int length = number(bytes, at, line);
                command.add(Buffer.buffer(length).appendBytes(bytes, line + 2, length));
                at = line + 2 + length + 2;
            }
            commands.add(command);
        }
        return commands;
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private static int number(byte[] bytes, int at, int end) {
        return Integer.parseInt(new String(bytes, at + 1, end - at - 1, StandardCharsets.ISO_8859_1));
    }

    /** One connection on a context of its own, with up to {@value #GROUPS_IN_FLIGHT} units in flight. */
    private final class Lane {
        private final Redis client;
        private final Context context = vertx.getOrCreateContext();
        private final List<List<List<Buffer>>> units;
        private final Promise<Void> done = Promise.promise();
        private @Nullable RedisConnection connection;
        private int next;
        private int inFlight;

        Lane(List<List<List<Buffer>>> units) {
            this.units = units;
            this.client = Redis.createClient(
                    vertx, new RedisOptions().setConnectionString(uri).setMaxWaitingHandlers(WAITING));
        }

        Future<Void> connect() {
            Promise<Void> connected = Promise.promise();
            context.runOnContext(v -> {
                boolean unused = loops.add(Thread.currentThread().getId());
                client.connect().onSuccess(c -> connection = c).<Void>mapEmpty().onComplete(connected);
            });
            return connected.future();
        }

        Future<Void> run() {
            context.runOnContext(v -> pump());
            return done.future();
        }

        private void pump() {
            while (inFlight < GROUPS_IN_FLIGHT && next < units.size()) {
                inFlight++;
                send(units.get(next++)).onComplete(answered -> {
                    inFlight--;
                    if (answered.failed()) {
                        done.tryFail(answered.cause());
                    } else if (next == units.size() && inFlight == 0) {
                        done.tryComplete();
                    } else {
                        pump();
                    }
                });
            }
        }

        private Future<Void> send(List<List<Buffer>> commands) {
            List<Request> requests = new ArrayList<>(commands.size());
            for (List<Buffer> words : commands) {
                Request request = Request.cmd(Command.create(words.get(0).toString()));
                for (int i = 1; i < words.size(); i++) {
                    Request unused = request.arg(words.get(i));
                }
                requests.add(request);
            }
            RedisConnection open = Objects.requireNonNull(connection, "A lane must connect before it sends");
            return requests.size() == 1
                    ? open.send(requests.get(0)).mapEmpty()
                    : open.batch(requests).mapEmpty();
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
