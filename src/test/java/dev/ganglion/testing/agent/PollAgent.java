package dev.ganglion.testing.agent;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
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

/** An agent that uses the two long-poll routes step by step, in one session. Each request may go to another node. */
public final class PollAgent {
    /** The header that names the session. */
    public static final String NONCE = "X-Z4J-Session-Nonce";

    private static final String EVENTS = "/api/v1/agent/events";
    private static final String COMMANDS = "/api/v1/agent/commands";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final EnrolledAgent agent;
    private final String nonce;
    private final SessionBinding binding;
    private final FrameVerifier verifier;
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private HmacEncoding encoding = HmacEncoding.HEX;
    private long seq;

    private PollAgent(EnrolledAgent agent, String nonce) {
        this.agent = agent;
        this.nonce = nonce;
        this.binding = new SessionBinding(agent.id(), agent.view().getString("project_id"), nonce);
        this.verifier = new FrameVerifier(new ProjectKey(secret()), binding, HmacEncoding.HEX);
    }

    /** Returns an agent whose session has not made a request yet. */
    public static PollAgent of(EnrolledAgent agent) {
        return with(agent, UUID.randomUUID().toString());
    }

    /** Returns an agent whose session has this nonce. */
    public static PollAgent with(EnrolledAgent agent, String nonce) {
        return new PollAgent(agent, nonce);
    }

    private byte[] secret() {
        return KeyDerivation.secretBytes(agent.secretText());
    }

    /** Returns the nonce that names the session. */
    public String nonce() {
        return nonce;
    }

    /** Sets the encoding of the agent's signatures. */
    @CanIgnoreReturnValue
    public PollAgent signingIn(HmacEncoding other) {
        encoding = other;
        return this;
    }

    /** Returns the encoding of the signature of the last received frame. */
    public HmacEncoding lastEncoding() {
        return verifier.encoding();
    }

    /** Returns an unsigned envelope with the next seq. */
    public JsonObject envelope(String type, JsonObject payload) {
        return new JsonObject()
                .put("v", 2)
                .put("type", type)
                .put("id", UUID.randomUUID().toString())
                .put("ts", WireFrames.now())
                .put("nonce", UUID.randomUUID().toString().replace("-", ""))
                .put("seq", ++seq)
                .put("payload", payload);
    }

    /** Returns a signed frame. */
    public String sign(JsonObject envelope) {
        return WireFrames.signed(envelope.encode(), secret(), binding, encoding);
    }

    /** Returns a signed frame of this type. */
    public String sign(String type, JsonObject payload) {
        return sign(envelope(type, payload));
    }

    /** Returns a signed batch of one event. */
    public String batch() {
        return sign("event_batch", WireFrames.batch(WireFrames.event()));
    }

    /** Uploads frames. */
    public Rest.Response upload(int port, String... frames) {
        return uploadBody(
                port,
                new JsonObject().put("frames", new JsonArray(List.of(frames))).encode());
    }

    /** Uploads frames, which must be accepted, and returns the response. */
    @CanIgnoreReturnValue
    public JsonObject uploaded(int port, String... frames) {
        return upload(port, frames).expect(200);
    }

    /** Begins the session unless it has begun. */
    @CanIgnoreReturnValue
    public PollAgent begin(int port) {
        JsonObject unused = poll(port, 0, 0).expect(200);
        return this;
    }

    /** Uploads any text. */
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

    /** Polls for at most {@code most} frames. */
    public Rest.Response poll(int port, int wait, int most) {
        return send(polling(port, wait, most));
    }

    /** Polls with any query. */
    public Rest.Response poll(int port, String query) {
        return send(request(port, COMMANDS + "?" + query));
    }

    /** Starts a poll without waiting for the response. */
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

    /** Returns the frames of a poll's response after verifying their signatures and seqs. */
    public List<Frame> frames(Rest.Response answer) {
        List<Frame> frames = new ArrayList<>();
        for (Object text : answer.expect(200).getJsonArray("frames")) {
            reader.read(((String) text).getBytes(StandardCharsets.UTF_8));
            frames.add(verifier.verify(reader, Instant.now()));
        }
        return frames;
    }

    /** Returns the ids of the commands that an immediate poll returns. */
    public List<String> commands(int port) {
        return commands(poll(port, 0));
    }

    /** Returns the ids of the commands in a poll's response. */
    public List<String> commands(Rest.Response answer) {
        return frames(answer).stream()
                .filter(Command.class::isInstance)
                .map(Frame::id)
                .toList();
    }

    /** Returns the ids of the batches that a poll's response acknowledges. */
    public List<String> acked(Rest.Response answer) {
        return frames(answer).stream()
                .filter(EventBatchAck.class::isInstance)
                .map(ack -> ((EventBatchAck) ack).ackedId())
                .toList();
    }

    /** Returns a signed acknowledgement of a command, in the library's format. */
    public String acknowledging(String command) {
        return sign(envelope("command_ack", new JsonObject()).put("id", command));
    }

    /** Returns a signed successful result of a command, in the library's format. */
    public String completing(String command, Object result) {
        JsonObject payload = new JsonObject().put("status", "success").put("result", result);
        return sign(envelope("command_result", payload).put("id", command));
    }
}
