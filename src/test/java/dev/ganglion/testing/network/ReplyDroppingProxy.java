package dev.ganglion.testing.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.ganglion.config.value.RedisUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A proxy in front of Redis. On request, the proxy passes a call on and closes the connection instead of returning the
 * reply.
 */
public final class ReplyDroppingProxy implements AutoCloseable {
    private final ServerSocket door;
    private final RedisUri redis;
    private volatile String wanted = "";

    /** Starts a proxy in front of this Redis that passes everything on. */
    public ReplyDroppingProxy(RedisUri redis) {
        this.redis = redis;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background(() -> {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(redis.host(), redis.port());
                AtomicBoolean cut = new AtomicBoolean();
                background(() -> pass(client, server, cut, true));
                background(() -> pass(server, client, cut, false));
            }
        });
    }

    /** Returns the URI for the brain to connect to. */
    public String uri() {
        return redis.connectionString().value().replace(":" + redis.port(), ":" + door.getLocalPort());
    }

    /** Lets the next call that contains this text take effect, but never returns its reply. */
    public void cutReplyOf(String text) {
        wanted = text;
    }

    /** Returns whether a reply was cut since the last request to do so. */
    public boolean hasCut() {
        return wanted.isEmpty();
    }

    private void pass(Socket from, Socket to, AtomicBoolean cut, boolean calls) throws IOException {
        try (from;
                to) {
            byte[] bytes = new byte[1 << 16];
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                String text = wanted;
                if (calls && !text.isEmpty() && new String(bytes, 0, read, ISO_8859_1).contains(text)) {
                    cut.set(true);
                } else if (!calls && cut.get()) {
                    wanted = "";
                    return;
                }
                out.write(bytes, 0, read);
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "reply-cutter");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
