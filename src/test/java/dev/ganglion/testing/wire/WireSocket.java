package dev.ganglion.testing.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The agent's end of a WebSocket, implemented over a plain socket so that tests can send arbitrary bytes. Not
 * thread-safe; every wait has a time-out.
 */
public final class WireSocket implements AutoCloseable {
    /** Time-out of every wait. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final String HOST = "127.0.0.1";
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    /** Opcodes of WebSocket frames. */
    public enum Opcode {
        CONTINUATION(0),
        TEXT(1),
        BINARY(2),
        RESERVED_DATA(3),
        CLOSE(8),
        PING(9),
        PONG(10),
        RESERVED_CONTROL(11);

        private final int bits;

        Opcode(int bits) {
            this.bits = bits;
        }
    }

    /** A received frame. */
    public static final class ReceivedFrame {
        private final int opcode;
        private final byte[] data;

        private ReceivedFrame(int opcode, byte[] data) {
            this.opcode = opcode;
            this.data = data;
        }

        public byte[] data() {
            return data;
        }

        /** Returns whether the frame has this opcode. */
        public boolean is(Opcode wanted) {
            return opcode == wanted.bits;
        }

        public String text() {
            return new String(data, UTF_8);
        }
    }

    /**
     * The response to an upgrade request.
     *
     * @param status HTTP status; 101 if the WebSocket is open
     * @param headers headers by lower-case name
     * @param body body of an error response
     */
    public record Answer(int status, Map<String, String> headers, String body) {}

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private WireSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Opens a connection without sending anything. */
    public static WireSocket connect(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            return new WireSocket(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requests a WebSocket and returns the response. */
    @CanIgnoreReturnValue
    public Answer upgrade(String path, Map<String, String> headers) {
        sendUpgrade(path, headers);
        try {
            return readAnswer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requests a WebSocket without waiting for the response. */
    public void sendUpgrade(String path, Map<String, String> headers) {
        Map<String, String> all = new TreeMap<>(headers);
        all.putIfAbsent("Host", HOST);
        all.putIfAbsent("Connection", "Upgrade");
        all.putIfAbsent("Upgrade", "websocket");
        all.putIfAbsent("Sec-WebSocket-Version", "13");
        all.putIfAbsent("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        sendBytes(request.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    private Answer readAnswer() throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(Integer.parseInt(status.substring(9, 12)), headers, new String(in.readNBytes(length), UTF_8));
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the brain closed the connection");
            }
            if (next != '\r') {
                bytes.write(next);
            }
        }
        return bytes.toString(ISO_8859_1);
    }

    /** Sends these bytes unchanged. They need not form a WebSocket frame. */
    public void sendBytes(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one masked frame that is a complete message. */
    public void send(Opcode opcode, byte[] data) {
        send(opcode, true, data);
    }

    /**
     * Sends one masked frame.
     *
     * @param last whether the frame is the last one of its message
     */
    public void send(Opcode opcode, boolean last, byte[] data) {
        sendBytes(frame(opcode, last, true, data));
    }

    /** Returns the bytes of a frame. */
    public static byte[] frame(Opcode opcode, boolean last, boolean masked, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 14);
        bytes.write((last ? 0x80 : 0) | opcode.bits);
        int mask = masked ? 0x80 : 0;
        if (data.length < 126) {
            bytes.write(mask | data.length);
        } else if (data.length < 1 << 16) {
            bytes.write(mask | 126);
            bytes.write(data.length >>> 8);
            bytes.write(data.length);
        } else {
            bytes.write(mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes.write((int) ((long) data.length >>> shift));
            }
        }
        if (!masked) {
            bytes.writeBytes(data);
            return bytes.toByteArray();
        }
        bytes.writeBytes(MASK);
        byte[] hidden = data.clone();
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] ^= MASK[i & 3];
        }
        bytes.writeBytes(hidden);
        return bytes.toByteArray();
    }

    /**
     * Receives the next frame of any kind, and fails if none arrives in time.
     *
     * @throws EOFException if the brain has closed or reset the connection
     */
    public ReceivedFrame receive() throws EOFException {
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            DataInputStream data = new DataInputStream(in);
            int first = data.readUnsignedByte();
            int length = data.readUnsignedByte();
            if ((first & 0x80) == 0 || (length & 0x80) != 0) {
                throw new AssertionError("the brain must send whole messages, unmasked");
            }
            long size = length == 126 ? data.readUnsignedShort() : length == 127 ? data.readLong() : length;
            byte[] payload = new byte[Math.toIntExact(size)];
            data.readFully(payload);
            return new ReceivedFrame(first & 0x7F, payload);
        } catch (EOFException e) {
            throw e;
        } catch (SocketException e) {
            EOFException reset = new EOFException("the brain reset the connection");
            reset.initCause(e);
            throw reset;
        } catch (IOException e) {
            throw new LostConnection("received nothing from the brain: " + e, e);
        }
    }

    /** Reads until the brain closes the connection, and counts the bytes. */
    public int countRemainingBytes() {
        int rest = 0;
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            while (in.read() >= 0) {
                rest++;
            }
        } catch (SocketException e) {
            return rest;
        } catch (IOException e) {
            throw new AssertionError("the brain does not close the connection: " + e, e);
        }
        return rest;
    }

    /** Resets the connection without a close frame. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
