package dev.ganglion.benchmarks.ceilings;

import dev.ganglion.benchmarks.ceilings.Recording.Unit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A TCP proxy between a brain and its Redis that records the brain's commands for a replay. */
public final class RedisTap implements AutoCloseable {
    private static final int LANE_UNITS = 10;
    private static final int CHUNK = 1 << 16;
    /** The end of the key that every projection step names. */
    private static final String PROJECTION = ":projection\r\n";

    private final ServerSocket listener;
    private final int redisPort;
    private final List<Unit> before = new ArrayList<>();
    private final List<List<Unit>> measured = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private boolean measuring;

    /** Listens on a free port and forwards every connection to Redis. */
    public RedisTap(int redisPort) {
        this.redisPort = redisPort;
        try {
            listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        daemon("tap", this::accept);
    }

    /** Port that the brain connects to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Starts the measured part of the recording. */
    public synchronized void mark() {
        measuring = true;
    }

    /**
     * Returns the commands that the brain sent for frames.
     *
     * <p>The recording leaves out connections with fewer than ten units after the mark. It also leaves out the
     * projector's connections, because projections do their work apart from the frames.
     */
    public synchronized Recording recording(int frames, String stream) {
        List<List<Unit>> lanes = measured.stream()
                .filter(lane -> lane.size() >= LANE_UNITS)
                .filter(lane -> lane.stream().noneMatch(unit -> unit.contains(PROJECTION)))
                .map(List::copyOf)
                .toList();
        return new Recording(List.copyOf(before), lanes, frames, stream);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket redis = new Socket(InetAddress.getLoopbackAddress(), redisPort);
                client.setTcpNoDelay(true);
                redis.setTcpNoDelay(true);
                List<Unit> lane = new ArrayList<>();
                synchronized (this) {
                    measured.add(lane);
                    sockets.add(client);
                    sockets.add(redis);
                }
                daemon("tap to redis", () -> pump(client, redis, new RespScanner(), lane));
                daemon("tap from redis", () -> pump(redis, client, null, lane));
            }
        } catch (IOException e) {
            // The tap was closed.
        }
    }

    private void pump(Socket from, Socket to, @Nullable RespScanner scanner, List<Unit> lane) {
        byte[] chunk = new byte[CHUNK];
        Recording.Joiner joiner = new Recording.Joiner();
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                if (scanner != null) {
                    scanner.add(chunk, length);
                    for (int size = scanner.next(); size > 0; size = scanner.next()) {
                        keep(joiner.add(scanner.last(size)), lane);
                    }
                }
                out.write(chunk, 0, length);
            }
        } catch (IOException e) {
            // One side closed its socket. The other pump closes the other side.
        }
    }

    private synchronized void keep(List<Unit> units, List<Unit> lane) {
        (measuring ? lane : before).addAll(units);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
