package dev.ganglion.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A WebSocket that sends pings as fast as the brain takes them, and reads nothing. It can also begin a large frame. */
final class FloodedSocket implements AutoCloseable {
    /** Time without progress after which the brain has stopped reading. */
    private static final long STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private static final byte[] PINGS = pings();

    private final SocketChannel channel;
    private final ByteBuffer output = ByteBuffer.allocate(PINGS.length + 16 * 1024);
    private byte[] filler = PINGS;
    private long sent;
    private boolean closed;

    private FloodedSocket(SocketChannel channel) {
        this.channel = channel;
    }

    private static byte[] pings() {
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        byte[] ping = WireSocket.frame(Opcode.PING, true, true, new byte[125]);
        while (pings.size() < 256 * 1024) {
            pings.writeBytes(ping);
        }
        return pings.toByteArray();
    }

    /** Opens a WebSocket with these headers. Sends the first message, if it is not empty. */
    static FloodedSocket open(int port, String path, Map<String, String> headers, byte[] firstMessage) {
        try {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n"
                    + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
            headers.forEach((name, value) ->
                    request.append(name).append(": ").append(value).append("\r\n"));
            int unused = channel.write(
                    ByteBuffer.wrap(request.append("\r\n").toString().getBytes(ISO_8859_1)));
            ByteBuffer answer = ByteBuffer.allocate(12);
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw new AssertionError("the brain closed the connection");
                }
            }
            String status = new String(answer.array(), ISO_8859_1);
            if (!status.endsWith("101")) {
                throw new AssertionError("the brain rejected the upgrade: " + status);
            }
            channel.configureBlocking(false);
            FloodedSocket socket = new FloodedSocket(channel);
            if (firstMessage.length > 0) {
                socket.output.put(WireSocket.frame(Opcode.TEXT, true, true, firstMessage));
            }
            socket.output.flip();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends, instead of pings, a frame of this length, which the caller does not send to its end. */
    void beginFrame(int length) {
        byte[] whole = WireSocket.frame(Opcode.TEXT, true, true, new byte[length]);
        filler = new byte[PINGS.length];
        output.clear();
        output.put(whole, 0, 14).flip();
    }

    /** Sends over all sockets until the brain reads from none of them, or each has sent {@code bytes}. */
    static void flood(List<FloodedSocket> sockets, long bytes) {
        long progressAt = System.nanoTime();
        while (System.nanoTime() - progressAt < STALLED_NANOS) {
            boolean progress = false;
            for (FloodedSocket socket : sockets) {
                progress |= socket.sent < bytes && socket.sendSome();
            }
            if (progress) {
                progressAt = System.nanoTime();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private boolean sendSome() {
        if (closed) {
            return false;
        }
        if (!output.hasRemaining()) {
            output.clear();
            output.put(filler).flip();
        }
        try {
            int written = channel.write(output);
            sent += written;
            return written > 0;
        } catch (IOException cut) {
            closed = true;
            return false;
        }
    }

    /** The bytes that the brain and the operating system took. */
    long sent() {
        return sent;
    }

    /** Returns what the brain has sent so far. */
    byte[] received() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (channel.read(buffer) > 0) {
                buffer.flip();
                all.write(buffer.array(), 0, buffer.limit());
                buffer.clear();
            }
        } catch (IOException cut) {
            // The brain has reset the connection.
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
