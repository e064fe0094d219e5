package dev.ganglion.testing.wire;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Builds frames and events as an agent writes them. The results are valid unless a test makes them invalid. */
public final class WireFrames {
    private WireFrames() {}

    /** Returns the current time as agents write it. */
    public static String now() {
        return at(0);
    }

    /** Returns the time this many seconds from now, as agents write it. */
    public static String at(long seconds) {
        return Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Returns a hello without a worker_id. */
    public static JsonObject hello() {
        return new JsonObject()
                .put("v", 2)
                .put("type", "hello")
                .put("id", "hello-1")
                .put("ts", now())
                .put(
                        "payload",
                        new JsonObject()
                                .put("protocol_version", "2")
                                .put("agent_version", "1.0")
                                .put("framework", "bare")
                                .put("engines", new JsonArray().add("celery"))
                                .put("schedulers", new JsonArray())
                                .put("capabilities", new JsonObject())
                                .put("host", new JsonObject()));
    }

    /** Returns a hello with this payload field; null omits the field. */
    public static JsonObject helloWith(String field, @Nullable Object value) {
        JsonObject hello = hello();
        hello.getJsonObject("payload").put(field, value);
        return hello;
    }

    /** Returns a hello with this worker_id. */
    public static JsonObject helloOf(String workerId) {
        return helloWith("worker_id", workerId);
    }

    /** Returns a Celery event. */
    public static JsonObject event() {
        return new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("engine", "celery")
                .put("task_id", UUID.randomUUID().toString())
                .put("kind", "task.succeeded")
                .put("occurred_at", now())
                .put("data", new JsonObject().put("task_name", "app.t"));
    }

    /** Returns an event with this field. */
    public static JsonObject eventWith(String field, @Nullable Object value) {
        return event().put(field, value);
    }

    /** Returns the payload of a batch. */
    public static JsonObject batch(JsonObject... events) {
        JsonArray array = new JsonArray();
        for (JsonObject event : events) {
            array.add(event);
        }
        return new JsonObject().put("events", array);
    }

    /** Returns the payload of a batch of this many small events, whose task ids are numbered. */
    public static JsonObject batchOf(int events) {
        return batch(IntStream.range(0, events)
                .mapToObj(i -> eventWith("task_id", "t" + i).put("data", new JsonObject()))
                .toArray(JsonObject[]::new));
    }

    /**
     * Returns the text of a frame with its signature in front. The frame may be any JSON object without {@code hmac}.
     */
    public static String signed(String frame, byte[] secret, SessionBinding binding, HmacEncoding encoding) {
        String ids = new JsonObject()
                .put("agent_id", binding.agentId())
                .put("project_id", binding.projectId())
                .put("session_id", binding.sessionId())
                .encode();
        byte[] canonical = Json.parse(ids.substring(0, ids.length() - 1) + "," + frame.substring(1))
                .utf8();
        return signedOver(canonical, frame, secret, encoding);
    }

    /** Returns the text of a frame with the signature of this canonical form in front. */
    public static String signedOver(byte[] canonical, String frame, byte[] secret, HmacEncoding encoding) {
        byte[] signature = hmac(secret, canonical);
        String text = encoding == HmacEncoding.HEX
                ? HexFormat.of().formatHex(signature)
                : Base64.getEncoder().encodeToString(signature);
        return "{\"hmac\":\"" + text + "\"," + frame.substring(1);
    }

    private static byte[] hmac(byte[] secret, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
