package dev.ganglion.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * The content of a Redis that an earlier version of the brain wrote, as commands that write it again: one JSON array a
 * line. Bytes that are no text begin with {@code base64:}. Keys have no time to live, so that the data never expires;
 * ages and deadlines are those of the recording.
 *
 * <p>{@code version-0.1.jsonl} was recorded from a node of 0.1.0 (commit 0254263) with the master secret of the tests:
 * two agents reported 200 events, in small batches and in a large one under a key of its own, one command was completed,
 * one failed, and one waits for an agent that was never there. {@code version-0.1-facts.json} states what the REST API
 * of that node answered, and the secrets.
 */
final class RecordedData {
    private static final String BINARY = "base64:";

    private RecordedData() {}

    /** Writes the recording of a version into an empty Redis. */
    static void load(String version, RedisUri uri) {
        List<String> lines = read(version + ".jsonl").lines().toList();
        ByteArrayOutputStream commands = new ByteArrayOutputStream();
        uri.password()
                .map(Secret::value)
                .ifPresent(
                        password -> append(commands, new JsonArray().add("AUTH").add(password)));
        lines.forEach(line -> append(commands, new JsonArray(line)));
        append(commands, new JsonArray().add("ECHO").add("the end"));
        try (Socket socket = new Socket(uri.host(), uri.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(commands.toByteArray());
            BufferedReader replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String reply = "";
            while (!"the end".equals(reply)) {
                reply = Objects.requireNonNull(replies.readLine(), "Redis closed the connection");
                if (reply.startsWith("-")) {
                    throw new IllegalStateException("Redis refused a recorded command: " + reply);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what is known about the recording of a version. */
    static JsonObject facts(String version) {
        return new JsonObject(read(version + "-facts.json"));
    }

    private static void append(ByteArrayOutputStream commands, JsonArray words) {
        commands.writeBytes(("*" + words.size() + "\r\n").getBytes(UTF_8));
        for (int i = 0; i < words.size(); i++) {
            String word = words.getString(i);
            byte[] bytes = word.startsWith(BINARY)
                    ? Base64.getDecoder().decode(word.substring(BINARY.length()))
                    : word.getBytes(UTF_8);
            commands.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            commands.writeBytes(bytes);
            commands.writeBytes("\r\n".getBytes(UTF_8));
        }
    }

    private static String read(String name) {
        try (InputStream in =
                Objects.requireNonNull(RecordedData.class.getResourceAsStream("/upgrade/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
