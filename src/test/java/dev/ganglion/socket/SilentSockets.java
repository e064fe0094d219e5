package dev.ganglion.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that a stranger opens and over which it sends nothing. */
final class SilentSockets implements AutoCloseable {
    private final List<SocketChannel> channels = new ArrayList<>();

    /** Opens this many connections, one after the other, as fast as the brain accepts them. */
    void open(int port, int count) {
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channels.add(channel);
                channel.configureBlocking(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts the connections that the brain has not closed. */
    long openAtTheBrain() {
        return channels.stream().filter(SilentSockets::isOpen).count();
    }

    private static boolean isOpen(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException reset) {
            return false;
        }
    }

    @Override
    public void close() {
        channels.forEach(channel -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
