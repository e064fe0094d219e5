package dev.ganglion.bus.link;

import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;

/** A stranger at the bus port of a node, with a plain TCP connection. */
final class RawPeer implements AutoCloseable {
    private static final int LIMIT_MS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    RawPeer(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(LIMIT_MS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(Buffer bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void sendFrame(Buffer frame) {
        send(FrameCutter.framed(frame));
    }

    Buffer receive() {
        try {
            return Buffer.buffer(in.readNBytes(in.readInt()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the node closes the connection. */
    void awaitEnd() {
        try {
            while (in.read() >= 0) {
                long unused = in.skip(in.available());
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException reset) {
            // the node closed the connection before it had read everything
        }
    }

    /** Authenticates with a secret, and returns the seal for what this peer sends. */
    Seal authenticate(String from, String to, String secret) {
        byte[] challenge = Handshake.readChallenge(receive()).orElseThrow();
        Handshake.Hello hello = new Handshake.Hello(Buffer.buffer(Handshake.newNonce()), from, to, List.of());
        byte[] transcript = Handshake.transcript(challenge, hello);
        List<byte[]> keys = LinkedNode.keys(secret);
        sendFrame(Handshake.hello(hello, transcript, keys));
        byte[] key = Handshake.readWelcome(receive(), transcript, keys).orElseThrow();
        return Handshake.sealToServer(key, transcript);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
