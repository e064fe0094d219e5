package dev.ganglion.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.Json;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares results byte for byte with the test vectors that were generated with the agents' library. */
class VectorsTest {
    static Stream<JsonNode> canonical() {
        return Vectors.read("canonical.json");
    }

    static Stream<JsonNode> signing() {
        return Vectors.read("signing.json");
    }

    static Stream<JsonNode> derive() {
        return Vectors.read("derive.json");
    }

    @Test
    void noVectorIsMissing() {
        assertThat(canonical()).hasSize(215);
        assertThat(signing()).hasSize(64);
        assertThat(derive()).hasSize(8);
    }

    @ParameterizedTest
    @MethodSource("canonical")
    void canonicalFormEqualsTheLibrarys(JsonNode vector) {
        String input = vector.get("input").textValue();

        assertThat(Json.parse(input).text()).isEqualTo(vector.get("canonical").textValue());
    }

    @ParameterizedTest
    @MethodSource("signing")
    void signedBytesEqualTheLibrarys(JsonNode vector) {
        FrameReader reader = reader(vector.get("wire").textValue());

        reader.write(binding(vector).overrides());

        String signed = new String(reader.emitter().out, 0, reader.emitter().end, UTF_8);
        assertThat(signed).isEqualTo(vector.get("canonical").textValue());
    }

    @ParameterizedTest
    @MethodSource("signing")
    void signatureVerifiesInEitherEncoding(JsonNode vector) {
        String wire = vector.get("wire").textValue();
        String hex = vector.get("hmac_hex").textValue();
        String base64 = vector.get("hmac_base64").textValue();

        assertThat(verifier(vector).isAuthentic(reader(wire))).isTrue();
        assertThat(verifier(vector).isAuthentic(reader(wire.replace(hex, base64))))
                .isTrue();
        String urlSafe = base64.replace('+', '-').replace('/', '_').replace("=", "");
        assertThat(verifier(vector).isAuthentic(reader(wire.replace(hex, urlSafe))))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("derive")
    void derivedKeysAndHashesEqualTheReference(JsonNode vector) {
        byte[] master = vector.get("master_secret").textValue().getBytes(UTF_8);

        byte[] secret = KeyDerivation.projectSecret(
                master, UUID.fromString(vector.get("project_id").textValue()));
        String hash = KeyDerivation.tokenHash(master, vector.get("agent_token").textValue());

        assertThat(KeyDerivation.secretText(secret))
                .isEqualTo(vector.get("project_secret_b64url").textValue());
        assertThat(hash).isEqualTo(vector.get("agent_token_hash").textValue());
    }

    private static FrameReader reader(String wire) {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        reader.read(wire.getBytes(UTF_8));
        return reader;
    }

    private static SessionBinding binding(JsonNode vector) {
        return new SessionBinding(
                vector.get("agent_id").textValue(),
                vector.get("project_id").textValue(),
                vector.get("session_id").textValue());
    }

    private static FrameVerifier verifier(JsonNode vector) {
        ProjectKey key = new ProjectKey(
                KeyDerivation.secretBytes(vector.get("secret_b64url").textValue()));
        return new FrameVerifier(key, binding(vector), HmacEncoding.HEX);
    }
}
