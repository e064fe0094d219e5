package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.Keys;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** An agent with its hands on the two long-poll routes, in one session; each request may go to another node. */
public final class PollAgent {
    /** The header that names the session. */
    public static final String NONCE = "X-Z4J-Session-Nonce";

    private static final String EVENTS = "/api/v1/agent/events";
    private static final String COMMANDS = "/api/v1/agent/commands";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Enrolled agent;
    private final String nonce = UUID.randomUUID().toString();
    private final SessionBinding binding;
    private final FrameVerifier verifier;
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private HmacEncoding encoding = HmacEncoding.HEX;
    private long seq;

    private PollAgent(Enrolled agent) {
        this.agent = agent;
        this.binding = new SessionBinding(agent.id(), agent.view().getString("project_id"), nonce);
        this.verifier = new FrameVerifier(new ProjectKey(secret()), binding, HmacEncoding.HEX);
    }

    /** A session that has not yet made a request. */
    public static PollAgent of(Enrolled agent) {
        return new PollAgent(agent);
    }

    private byte[] secret() {
        return Keys.secretBytes(agent.secretText());
    }

    /** What it calls its session. */
    public String nonce() {
        return nonce;
    }

    /** How it writes its signatures. */
    @CanIgnoreReturnValue
    public PollAgent signingIn(HmacEncoding other) {
        encoding = other;
        return this;
    }

    /** How the last frame that it got was signed. */
    public HmacEncoding lastEncoding() {
        return verifier.encoding();
    }

    /** An envelope with the next seq, not yet signed. */
    public JsonObject envelope(String type, JsonObject payload) {
        return new JsonObject()
                .put("v", 2)
                .put("type", type)
                .put("id", UUID.randomUUID().toString())
                .put("ts", Wire.now())
                .put("nonce", UUID.randomUUID().toString().replace("-", ""))
                .put("seq", ++seq)
                .put("payload", payload);
    }

    /** A signed frame. */
    public String sign(JsonObject envelope) {
        return Wire.signed(envelope.encode(), secret(), binding, encoding);
    }

    /** A signed frame of that type. */
    public String sign(String type, JsonObject payload) {
        return sign(envelope(type, payload));
    }

    /** A signed batch of one event. */
    public String batch() {
        return sign("event_batch", Wire.batch(Wire.event()));
    }

    /** Uploads frames. */
    public Rest.Response upload(int port, String... frames) {
        return uploadBody(
                port,
                new JsonObject().put("frames", new JsonArray(List.of(frames))).encode());
    }

    /** Uploads frames that are taken; what the answer says of them. */
    @CanIgnoreReturnValue
    public JsonObject uploaded(int port, String... frames) {
        return upload(port, frames).expect(200);
    }

    /** Begins the session, if it has not. */
    @CanIgnoreReturnValue
    public PollAgent begin(int port) {
        JsonObject unused = poll(port, 0, 0).expect(200);
        return this;
    }

    /** Uploads any body. */
    public Rest.Response uploadBody(int port, String body) {
        return upload(port, BodyPublishers.ofString(body));
    }

    /** Uploads any body. */
    public Rest.Response upload(int port, BodyPublisher body) {
        return send(request(port, EVENTS).POST(body));
    }

    /** Polls for at most 50 frames. */
    public Rest.Response poll(int port, int wait) {
        return poll(port, wait, 50);
    }

    /** Polls. */
    public Rest.Response poll(int port, int wait, int most) {
        return send(polling(port, wait, most));
    }

    /** Polls with any query. */
    public Rest.Response poll(int port, String query) {
        return send(request(port, COMMANDS + "?" + query));
    }

    /** Begins to poll. */
    public CompletableFuture<Rest.Response> pollLater(int port, int wait) {
        return CLIENT.sendAsync(polling(port, wait, 50).build(), BodyHandlers.ofString())
                .thenApply(PollAgent::response);
    }

    private HttpRequest.Builder polling(int port, int wait, int most) {
        return request(port, COMMANDS + "?wait=" + wait + "&max_frames=" + most);
    }

    private HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(WireSocket.PATIENCE.multipliedBy(2))
                .header("Authorization", "Bearer " + agent.token())
                .header(NONCE, nonce);
    }

    private static Rest.Response send(HttpRequest.Builder request) {
        try {
            return response(CLIENT.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Rest.Response response(HttpResponse<String> answer) {
        return new Rest.Response(answer.statusCode(), answer.headers(), answer.body());
    }

    /** The frames of a poll's answer, their signatures and seqs checked. */
    public List<Frame> frames(Rest.Response answer) {
        List<Frame> frames = new ArrayList<>();
        for (Object text : answer.expect(200).getJsonArray("frames")) {
            reader.read(((String) text).getBytes(StandardCharsets.UTF_8));
            frames.add(verifier.verify(reader, Instant.now()));
        }
        return frames;
    }

    /** The ids of the commands that a poll at once gives. */
    public List<String> commands(int port) {
        return commands(poll(port, 0));
    }

    /** The ids of the commands in a poll's answer. */
    public List<String> commands(Rest.Response answer) {
        return frames(answer).stream()
                .filter(Command.class::isInstance)
                .map(Frame::id)
                .toList();
    }

    /** The ids of the batches that a poll's answer acks. */
    public List<String> acked(Rest.Response answer) {
        return frames(answer).stream()
                .filter(EventBatchAck.class::isInstance)
                .map(ack -> ((EventBatchAck) ack).ackedId())
                .toList();
    }

    /** The library's word that it has a command. */
    public String acknowledging(String command) {
        return sign(envelope("command_ack", new JsonObject()).put("id", command));
    }

    /** The library's word that it did a command. */
    public String completing(String command, Object result) {
        JsonObject payload = new JsonObject().put("status", "success").put("result", result);
        return sign(envelope("command_result", payload).put("id", command));
    }
}
