package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDerivationTest {
    @Test
    void generatedTokensAndKeysHaveTheirFormatAndDiffer() {
        assertThat(KeyDerivation.newAgentToken())
                .matches("z4j_agent_[A-Za-z0-9_-]{43}")
                .isNotEqualTo(KeyDerivation.newAgentToken());
        assertThat(KeyDerivation.newApiKey()).matches("z4k_[A-Za-z0-9_-]{43}").isNotEqualTo(KeyDerivation.newApiKey());
    }

    @Test
    void decodesSecretsInEitherAlphabetWithAndWithoutPadding() {
        byte[] secret = new byte[32];
        for (int i = 0; i < 50; i++) {
            new Random(i).nextBytes(secret);
            String text = KeyDerivation.secretText(secret);
            assertThat(text).hasSize(44).endsWith("=").doesNotContain("+", "/");
            assertThat(KeyDerivation.secretBytes(text)).isEqualTo(secret);
            assertThat(KeyDerivation.secretBytes(text.substring(0, 43))).isEqualTo(secret);
            assertThat(KeyDerivation.secretBytes(Base64.getEncoder().encodeToString(secret)))
                    .isEqualTo(secret);
            assertThat(KeyDerivation.secretBytes(" " + text + "\n")).isEqualTo(secret);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void rejectsAnInvalidSecretWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.secretBytes(text))
                .withMessageContaining("32 bytes")
                .withMessageNotContaining(text.isEmpty() ? "AAAA" : text)
                .withNoCause();
    }

    @Test
    void purgeTokenEqualsTheAgentsOwn() {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        assertThat(KeyDerivation.purgeToken(secret, "größe", 42))
                .isEqualTo("6a03b1fb0a45e29483364a525a8e9e801fb397c7ea9b1e96ef2feec9e51da3bb");
    }

    @Test
    void rejectsAProjectKeyThatIsNot32Bytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProjectKey(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> new ProjectKey(new byte[33]));
    }
}
