package dev.ganglion.benchmarks.host;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A minimal blocking Redis client for a few commands, one after the other, over one socket. */
public final class RedisProbe implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** Connects. An empty password means that Redis asks for none. */
    public RedisProbe(String host, int port, String password) {
        try {
            socket = new Socket(host, port);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            if (!password.isEmpty()) {
                Object unused = ask("AUTH", password);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot connect to Redis at port " + port, e);
        }
    }

    /**
     * Sends a command and returns its reply: a Long, a String, or a List of them. A missing value is an empty string.
     * An error reply throws an exception.
     */
    public Object ask(String... words) {
        try {
            socket.getOutputStream().write(encode(words));
            return read();
        } catch (IOException e) {
            throw new IllegalStateException("Redis does not answer " + words[0], e);
        }
    }

    /** Sends a command and returns its reply if that is a number, else 0. */
    public long number(String... words) {
        return ask(words) instanceof Long number ? number : 0;
    }

    /** Returns a field of INFO, or "unknown". */
    public String infoField(String field) {
        return String.valueOf(ask("INFO"))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).trim())
                .findFirst()
                .orElse("unknown");
    }

    private static byte[] encode(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(bytes);
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        return out.toByteArray();
    }

    private Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> {
                List<Object> list = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    list.add(read());
                }
                yield list;
            }
            default -> throw new IllegalStateException("Redis replied with an error: " + rest);
        };
    }

    private Object bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("Redis closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
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
