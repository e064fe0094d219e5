package dev.ganglion.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.json.Json;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The other end of a session. Signs any text that a test wants to send, and reads it as the brain would. */
public final class Peer {
    public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    final ProjectKey key = new ProjectKey(secret);
    final SessionBinding binding = new SessionBinding("agent-1", "project-1", "session-1");
    final FrameVerifier verifier;
    private long lastSeq;

    public Peer() {
        this(null);
    }

    /** Creates the peer of a session with this engine only; null for a session with none or several. */
    public Peer(@Nullable String soleEngine) {
        verifier = new FrameVerifier(key, binding, HmacEncoding.HEX, soleEngine);
    }

    /** Returns an unsigned envelope with the next seq and a fresh nonce. */
    String envelope(String type, String payload) {
        lastSeq++;
        return "{\"v\":2,\"type\":\"" + type + "\",\"id\":\"f" + lastSeq
                + "\",\"ts\":\"2026-11-22T12:00:00Z\",\"nonce\":\"n" + lastSeq + "\",\"seq\":" + lastSeq
                + ",\"payload\":" + payload + "}";
    }

    byte[] hmac(String envelope) {
        String ids = ",\"agent_id\":\"agent-1\",\"project_id\":\"project-1\",\"session_id\":\"session-1\"}";
        String bound = envelope.strip().replaceFirst("\\}$", ids);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(Json.parse(bound).utf8());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String with(String envelope, String hmac) {
        return envelope.strip().replaceFirst("\\}$", ",\"hmac\":\"" + hmac + "\"}");
    }

    String hex(String envelope) {
        return with(envelope, HexFormat.of().formatHex(hmac(envelope)));
    }

    String base64(String envelope) {
        return with(envelope, Base64.getEncoder().encodeToString(hmac(envelope)));
    }

    /** Receives a message that is already signed. */
    Frame receive(String wire) {
        return receive(wire, NOW);
    }

    Frame receive(String wire, Instant now) {
        reader.read(wire.getBytes(UTF_8));
        return verifier.verify(reader, now);
    }

    /** Signs and receives an envelope. */
    Frame send(String envelope) {
        return receive(hex(envelope));
    }

    /** Signs and receives a payload in a valid envelope. */
    public Frame send(String type, String payload) {
        return send(envelope(type, payload));
    }

    /** Reads a message as a hello. */
    public static Hello hello(String wire) {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        reader.read(wire.getBytes(UTF_8));
        return reader.hello();
    }
}
