package dev.ganglion.benchmarks.verify;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signed event batch as released agents send it: compact JSON, keys in the order of the agent's models, and a
 * hexadecimal signature. Frames with 1, 100 and 500 events have about 0.5, 32 and 159 KB.
 *
 * @param wire the message
 * @param canonical the bytes that the signature covers
 */
@SuppressWarnings("ArrayRecordComponent") // The benchmark times these bytes and never compares frames.
public record SampleFrame(byte[] wire, byte[] canonical) {
    static final String AGENT_ID = "6301bbfc-a0c5-454e-8ff9-bb510944fe0c";
    static final String PROJECT_ID = "6fced11d-2bd8-41e6-847a-8387cdde8d51";
    static final String SESSION_ID = "3a124c64-7e02-4f05-b7c1-dce27f7695f5";
    static final String TIME = "2026-11-22T15:51:23.652570Z";
    static final HmacEncoding ENCODING = HmacEncoding.HEX;

    private static final String[] KINDS = {"task.received", "task.started", "task.succeeded", "task.succeeded"};
    private static final String[] TASKS = {
        "app.tasks.send_email", "app.tasks.resize_image", "billing.tasks.charge", "app.tasks.reindex"
    };

    /** The content of the events, besides short ASCII text. */
    public enum Content {
        /** Nothing else; runtimes are rounded. */
        PLAIN,
        /** Every fifth event has escapes, letters outside ASCII and an emoji. */
        ESCAPES,
        /** Every runtime has the 16 or 17 digits that Python prints for a measured value. */
        LONG_FLOATS
    }

    /** Creates a frame with this many events. */
    public static SampleFrame of(int events, Content content, long seed) {
        Random random = new Random(seed);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < events; i++) {
            list.append(i == 0 ? "" : ",").append(event(random, i, content));
        }
        String head = "{\"v\":2,\"id\":\"f_0_" + hex(random) + "\",\"ts\":\"" + TIME
                + "\",\"nonce\":\"3rymoaMLvVzi2JZMFw8IZg\"" + ",\"seq\":4281";
        String tail = ",\"type\":\"event_batch\",\"payload\":{\"events\":[" + list + "]}}";
        String ids = ",\"agent_id\":\"" + AGENT_ID + "\",\"project_id\":\"" + PROJECT_ID + "\",\"session_id\":\""
                + SESSION_ID + "\"";
        byte[] canonical = Json.parse(head + ids + tail).utf8();
        String hmac = HexFormat.of().formatHex(sign(canonical));
        String wire = head + ",\"hmac\":\"" + hmac + "\"" + tail;
        return new SampleFrame(wire.getBytes(StandardCharsets.UTF_8), canonical);
    }

    /** Creates one event as an agent writes it. */
    public static String event(Random random, int index, Content content) {
        String kind = KINDS[random.nextInt(KINDS.length)];
        String extra = content == Content.ESCAPES && index % 5 == 0
                ? "[\\\"caf\\u00e9\\\", \\\"tab\\t\\\", \\\"日本語 😀\\\"]"
                : "[" + random.nextInt(1000) + ", " + random.nextInt(10) + "]";
        StringBuilder data = new StringBuilder("{\"task_name\":\"" + TASKS[random.nextInt(TASKS.length)] + "\"");
        data.append(",\"queue\":\"default\",\"worker\":\"celery@host-").append(random.nextInt(8));
        data.append("\",\"args\":\"").append(extra).append("\",\"kwargs\":\"{}\"");
        if (kind.equals("task.succeeded")) {
            double runtime = random.nextDouble() * 3;
            double shown = content == Content.LONG_FLOATS ? runtime : Math.max(1, Math.round(runtime * 1e4)) / 1e4;
            data.append(",\"runtime\":").append(shown < 1e-3 ? "0.0012" : Double.toString(shown));
        }
        return "{\"id\":\"" + uuid(random) + "\",\"engine\":\"celery\",\"task_id\":\"" + uuid(random) + "\",\"kind\":\""
                + kind
                + "\",\"occurred_at\":\"2026-11-22T15:51:2" + random.nextInt(10) + "."
                + (100_000 + random.nextInt(900_000))
                + "Z\",\"data\":" + data + "}}";
    }

    private static UUID uuid(Random random) {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (2L << 62));
    }

    private static String hex(Random random) {
        return HexFormat.of().toHexDigits(random.nextLong(), 12);
    }

    /** The project's secret. */
    public static byte[] secret() {
        byte[] secret = new byte[32];
        new Random(7).nextBytes(secret);
        return secret;
    }

    static ProjectKey key() {
        return new ProjectKey(secret());
    }

    /** The session that signs the frames. */
    public static SessionBinding binding() {
        return new SessionBinding(AGENT_ID, PROJECT_ID, SESSION_ID);
    }

    static Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret(), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(byte[] canonical) {
        return mac().doFinal(canonical);
    }
}
