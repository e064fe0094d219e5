package dev.ganglion.benchmarks.ceilings;

import dev.ganglion.benchmarks.ceilings.Recording.Unit;
import dev.ganglion.benchmarks.generator.Fleet;
import dev.ganglion.benchmarks.host.ProcessFigures;
import dev.ganglion.benchmarks.host.RedisProbe;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends recorded commands to a Redis as fast as Redis takes them: prepared bytes over plain sockets, pipelined, with
 * replies counted but not parsed. The result is the ceiling of a brain's frames per second.
 *
 * <p>{@code redis-benchmark} can send neither transactions nor commands that differ from each other. It therefore runs
 * beside the replay on a plain XADD, the one command that both can send.
 */
public final class RedisReplay {
    private static final int CHUNK = 1 << 16;
    private static final long LAZY_POLL_MS = 20;

    private final int port;
    private final String password;
    private final long redisPid;

    /** Replays to this Redis, whose data is deleted before each pass. */
    public RedisReplay(int port, String password, long redisPid) {
        this.port = port;
        this.password = password;
        this.redisPid = redisPid;
    }

    /** Sends a recording to a Redis that {@link RedisReplay} has prepared. */
    public interface Player {
        /** Sends all measured units and returns when Redis has answered all of them. */
        void play(Recording recording);
    }

    /**
     * Replays a recording the given number of times and keeps the fastest pass. Only the measured part of a pass is
     * timed.
     */
    public JsonObject run(Recording recording, int depth, int passes) {
        return run(recording, passes, played -> play(played, depth)).put("depth", depth);
    }

    /** Does the same with another player. */
    public JsonObject run(Recording recording, int passes, Player player) {
        double redisCpu = 0;
        double best = Double.MAX_VALUE;
        try (RedisProbe probe = new RedisProbe("127.0.0.1", port, password)) {
            for (int pass = 0; pass < passes; pass++) {
                reset(probe, recording);
                double cpu = ProcessFigures.of(redisPid).cpuSeconds();
                long begin = System.nanoTime();
                player.play(recording);
                double took = (System.nanoTime() - begin) / 1e9;
                if (took < best) {
                    best = took;
                    redisCpu = ProcessFigures.of(redisPid).cpuSeconds() - cpu;
                }
                long stored = probe.number("XLEN", recording.stream());
                if (stored != recording.frames()) {
                    throw new IllegalStateException(
                            "The replay stored " + stored + " of " + recording.frames() + " frames");
                }
            }
            Object unused = probe.ask("FLUSHALL", "ASYNC");
        }
        double frames = recording.frames();
        return new JsonObject()
                .put("frames_per_s", frames / best)
                .put("calls_per_frame", recording.units() / (double) recording.frames())
                .put("redis_us_per_frame", redisCpu * 1e6 / frames)
                .put("connections", recording.lanes().size());
    }

    private void reset(RedisProbe probe, Recording recording) {
        Object unused = probe.ask("FLUSHALL", "ASYNC");
        while (!probe.infoField("lazyfree_pending_objects").equals("0")) {
            Fleet.pause(LAZY_POLL_MS);
        }
        try (Line line = new Line(port, password)) {
            for (Unit unit : recording.setUp()) {
                line.send(unit, 1);
                line.finish();
            }
        }
    }

    private void play(Recording recording, int depth) {
        List<List<Unit>> lanes = recording.lanes();
        ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (List<Unit> units : lanes) {
                all.add(CompletableFuture.runAsync(
                        () -> {
                            try (Line line = new Line(port, password)) {
                                units.forEach(unit -> line.send(unit, depth));
                                line.finish();
                            }
                        },
                        threads));
            }
            all.forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    /** One pipelined connection to Redis. */
    private static final class Line implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final RespScanner scanner = new RespScanner();
        private final byte[] chunk = new byte[CHUNK];
        private int owed;

        Line(int port, String password) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                in = socket.getInputStream();
                out = socket.getOutputStream();
                send(new Unit(Recording.encode("AUTH", password), 1), 1);
                finish();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void send(Unit unit, int depth) {
            try {
                out.write(unit.bytes());
                owed += unit.replies();
                while (owed > depth * unit.replies()) {
                    receive();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void finish() {
            try {
                while (owed > 0) {
                    receive();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private void receive() throws IOException {
            int length = in.read(chunk);
            if (length < 0) {
                throw new IOException("Redis closed the connection");
            }
            scanner.add(chunk, length);
            while (scanner.next() > 0) {
                owed--;
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
