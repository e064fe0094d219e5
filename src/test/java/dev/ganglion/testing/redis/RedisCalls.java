package dev.ganglion.testing.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends commands to Redis over a plain socket, independent of the brain's client. */
public final class RedisCalls {
    private static final int LIMIT_MILLIS = 5000;
    private static final int MAX_HOPS = 5;
    private static final Set<String> EVERYWHERE = Set.of("CONFIG", "SCRIPT", "FLUSHALL");
    private static final Pattern MOVED = Pattern.compile("MOVED \\d+ ([^:]+):(\\d+)");

    private RedisCalls() {}

    /**
     * Sends one command over a new connection and returns the reply as text. The items of an array are joined with line
     * ends. In a Redis Cluster, the command goes to the server of its key, or to all servers for commands such as
     * CONFIG.
     */
    @CanIgnoreReturnValue
    public static String call(RedisUri uri, String... command) {
        return uri.kind() == RedisUri.Kind.CLUSTER ? inCluster(uri, command) : inOne(uri, command);
    }

    private static String inCluster(RedisUri uri, String... command) {
        if (EVERYWHERE.contains(command[0])) {
            return uri.servers().stream()
                    .map(server -> inOne(uri.at(server), command))
                    .reduce("", (before, reply) -> reply);
        }
        RedisAddress server = uri.servers().get(0);
        for (int hops = 0; ; hops++) {
            try {
                return inOne(uri.at(server), command);
            } catch (UncheckedIOException e) {
                Matcher moved = MOVED.matcher(String.valueOf(e.getMessage()));
                if (hops == MAX_HOPS || !moved.find()) {
                    throw e;
                }
                server = new RedisAddress(moved.group(1), Integer.parseInt(moved.group(2)));
            }
        }
    }

    private static String inOne(RedisUri uri, String... command) {
        try (Socket socket = new Socket(uri.host(), uri.port())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (uri.password().isPresent()) {
                send(out, "AUTH", uri.password().map(Secret::value).orElseThrow());
                String unused = reply(in);
            }
            send(out, command);
            return reply(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(OutputStream out, String... words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("*" + words.length + "\r\n").getBytes(UTF_8));
        for (String word : words) {
            byte[] text = word.getBytes(UTF_8);
            bytes.writeBytes(("$" + text.length + "\r\n").getBytes(UTF_8));
            bytes.writeBytes(text);
            bytes.writeBytes("\r\n".getBytes(UTF_8));
        }
        out.write(bytes.toByteArray());
        out.flush();
    }

    private static String reply(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '$' -> bulk(in, Integer.parseInt(rest));
            case '*' -> array(in, Integer.parseInt(rest));
            default -> throw new IOException(rest);
        };
    }

    private static String bulk(InputStream in, int length) throws IOException {
        if (length < 0) {
            return "";
        }
        String text = new String(in.readNBytes(length), UTF_8);
        in.skipNBytes(2);
        return text;
    }

    private static String array(InputStream in, int length) throws IOException {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            items.add(reply(in));
        }
        return String.join("\n", items);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis closed the connection");
            }
            bytes.write(next);
        }
        in.skipNBytes(1);
        return bytes.toString(UTF_8);
    }
}
