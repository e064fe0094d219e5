package dev.ganglion.protocol;

import static dev.ganglion.protocol.Peer.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Heartbeat;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks which content a signature covers and in which encodings. No state may change before the signature was
 * verified.
 */
class SignatureTest {
    private final Peer peer = new Peer();
    private String heartbeat = "";

    @BeforeEach
    void envelope() {
        heartbeat = peer.envelope("heartbeat", "{\"buffer_size\":3}");
    }

    @Test
    void acceptsEveryEncodingOfASignature() {
        for (int i = 0; i < 40; i++) {
            String frame = peer.envelope("heartbeat", "{}");
            byte[] hmac = peer.hmac(frame);
            String base64 = Base64.getEncoder().encodeToString(hmac);
            String urlSafe = Base64.getUrlEncoder().encodeToString(hmac);
            String hex = HexFormat.of().formatHex(hmac);
            String[] ways = {
                hex,
                hex.toUpperCase(Locale.ROOT),
                base64,
                base64.replace("=", ""),
                urlSafe,
                urlSafe.replace("=", ""),
                base64.replace("/", "\\/")
            };
            Frame read = peer.receive(with(frame, ways[i % ways.length]));
            assertThat(read).isInstanceOf(Heartbeat.class);
        }
    }

    @Test
    void remembersTheEncodingOfTheLastValidFrame() {
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.HEX);
        Frame first = peer.receive(peer.base64(heartbeat));
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.BASE64);

        String bad = peer.hex(peer.envelope("heartbeat", "{}")).replace("\"f2\"", "\"f9\"");
        AssertRejected.of(() -> peer.receive(bad), CloseCode.INVALID_SIGNATURE);
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.BASE64);

        Frame second = peer.send("heartbeat", "{}");
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.HEX);
        assertThat(first.id()).isNotEqualTo(second.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abcd",
                "00",
                "zz",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "g000000000000000000000000000000000000000000000000000000000000000",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!AAAA=",
                "é000000000000000000000000000000000000000000000000000000000000000"
            })
    void rejectsAWrongSignature(String hmac) {
        AssertRejected.of(() -> peer.receive(with(heartbeat, hmac)), CloseCode.INVALID_SIGNATURE, "hmac");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "true", "[]", "{}", "\"\""})
    void rejectsASignatureThatIsNotAString(String hmac) {
        String frame = heartbeat.replaceFirst("\\}$", ",\"hmac\":" + hmac + "}");

        AssertRejected.of(() -> peer.receive(frame), CloseCode.INVALID_SIGNATURE, "hmac");
        AssertRejected.of(() -> peer.receive(heartbeat), CloseCode.INVALID_SIGNATURE, "hmac");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    "id":"f1" ~ "id":"f2"
                    "seq":1 ~ "seq":2
                    "nonce":"n1" ~ "nonce":"n2"
                    12:00:00Z ~ 12:00:01Z
                    "buffer_size":3 ~ "buffer_size":4
                    "buffer_size":3 ~ "buffer_size":3,"x":1
                    "buffer_size":3 ~ "buffer_size":3.0
                    "buffer_size":3 ~ "buffer_siz\\u0065":30
                    heartbeat ~ error
                    "v":2 ~ "v":2,"extra":1
                    """)
    void rejectsEveryChangeToTheSignedContent(String signed, String changed) {
        String frame = peer.hex(heartbeat);
        assertThat(frame).contains(signed);

        AssertRejected.of(() -> peer.receive(frame.replace(signed, changed)), CloseCode.INVALID_SIGNATURE);
    }

    @Test
    void acceptsAnotherSpellingOfTheSameFrame() {
        String frame = peer.hex(heartbeat)
                .replace("\"buffer_size\":3", " \"\\u0062uffer_size\" : 3 ")
                .replace("{\"v\":2,", "{ \"v\" : 2 ,\n");

        assertThat(peer.receive(frame)).isInstanceOf(Heartbeat.class);
    }

    @Test
    void neverTakesTheSessionIdsFromTheWire() {
        String[] intruders = {
            "\"agent_id\":\"agent-2\"", "\"agent_id\":\"agent-1\"", "\"project_id\":NaN",
                    "\"session_id\":{\"a\":[1e999]}",
            "\"session_id\":\"\\ud800\"", "\"\\u0061gent_id\":1,\"agent_id\":2", "\"hmac\":NaN",
                    "\"hmac\":\"first of two\""
        };
        for (String intruder : intruders) {
            String signed = peer.hex(peer.envelope("heartbeat", "{}"));
            String frame = "{" + intruder + "," + signed.substring(1);

            assertThat(peer.receive(frame)).as(intruder).isInstanceOf(Heartbeat.class);
        }
    }

    @Test
    void rejectsFramesOfAnotherAgentProjectSessionOrKey() {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        SessionBinding[] others = {
            new SessionBinding("agent-2", "project-1", "session-1"),
            new SessionBinding("agent-1", "project-2", "session-1"),
            new SessionBinding("agent-1", "project-1", "session-2")
        };
        for (SessionBinding other : others) {
            FrameSigner signer = new FrameSigner(peer.key, other);
            reader.read(signer.sign(new ErrorFrame("e", "c", "m", false), HmacEncoding.HEX, Peer.NOW));
            AssertRejected.of(() -> peer.verifier.verify(reader, Peer.NOW), CloseCode.INVALID_SIGNATURE);
        }
        FrameSigner stranger = new FrameSigner(new ProjectKey(new byte[32]), peer.binding);
        reader.read(stranger.sign(new ErrorFrame("e", "c", "m", false), HmacEncoding.HEX, Peer.NOW));
        AssertRejected.of(() -> peer.verifier.verify(reader, Peer.NOW), CloseCode.INVALID_SIGNATURE);
    }

    @Test
    void checksTheCanonicalFormBeforeTheSignature() {
        String frame = heartbeat.replace("\"buffer_size\":3", "\"x\":NaN");

        AssertRejected.of(() -> peer.receive(frame), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> peer.receive(with(frame, "00")), CloseCode.MALFORMED_FRAME);
    }

    @Test
    void checksTheSignatureBeforeTimeAndType() {
        String stale = heartbeat.replace("12:00:00Z", "10:00:00Z").replace("heartbeat", "teleport");

        AssertRejected.of(() -> peer.receive(with(stale, "00")), CloseCode.INVALID_SIGNATURE);
        assertThat(peer.verifier.lastSeq()).isZero();
    }

    @Test
    void isAuthenticChangesNoState() {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        reader.read(peer.base64(heartbeat).getBytes(UTF_8));

        assertThat(peer.verifier.isAuthentic(reader)).isTrue();
        assertThat(peer.verifier.isAuthentic(reader)).isTrue();
        assertThat(peer.verifier.lastSeq()).isZero();
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.HEX);
    }

    @Test
    void toStringHidesTheKey() {
        assertThat(peer.key.toString()).isEqualTo("[REDACTED]");
        assertThat(peer.binding.toString()).contains("agent-1", "project-1", "session-1");
    }
}
