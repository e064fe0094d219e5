package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.source.ConfigException;
import dev.ganglion.testing.network.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a node starts with a certificate and a key that belong together alone. */
class TlsPairTest {
    @TempDir
    Path directory;

    private static void assertRefused(Map<String, String> settings, String... parts) {
        assertThatThrownBy(() -> GanglionConfig.with(settings))
                .isInstanceOf(ConfigException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).contains(parts));
    }

    @ParameterizedTest
    @CsvSource({"http.tls.cert,http.tls.key", "cluster.tls.cert,cluster.tls.key"})
    void aCertificateAndAKeyThatDoNotBelongTogetherAreRefusedByName(String certKey, String keyKey) {
        Certificates one = Certificates.make(directory, "one");
        Certificates other = Certificates.make(directory, "other");
        Map<String, String> settings = new HashMap<>();
        if (certKey.startsWith("cluster")) {
            settings.putAll(one.settings());
        }
        settings.put(certKey, one.cert().toString());
        settings.put(keyKey, one.key().toString());
        assertThat(GanglionConfig.with(settings)).isNotNull();

        settings.put(keyKey, other.key().toString());
        assertRefused(
                settings,
                certKey,
                keyKey,
                one.cert() + " and " + other.key() + " do not belong together",
                "does not fit");
    }

    @Test
    void filesThatAreNoCertificatesAndKeysAreNamedWithoutTheirContent() throws IOException {
        Certificates files = Certificates.make(directory, "node");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "hunter2");
        Map<String, String> settings = new HashMap<>(files.settings());
        settings.put("cluster.tls.ca", empty.toString());
        assertRefused(settings, "cluster.tls.ca", empty + " contains no certificate");

        settings.putAll(files.settings());
        settings.put("cluster.tls.key", files.cert().toString());
        assertRefused(settings, "cluster.tls.cert", files.cert() + " contains no unencrypted private key");

        settings.put("cluster.tls.cert", empty.toString());
        assertThatThrownBy(() -> GanglionConfig.with(settings))
                .hasMessageContaining(empty + " contains no certificate")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"RSA,RSA PRIVATE KEY", "EC,EC PRIVATE KEY", "RSA,PRIVATE KEY", "Ed25519,PRIVATE KEY"})
    void keysInEveryPemFormatThatTheServerReadsAreRead(String algorithm, String format) throws Exception {
        Certificates files = Certificates.make(directory, "node");
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        KeyPair pair = generator.generateKeyPair();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        byte[] der = switch (format) {
            case "EC PRIVATE KEY" ->
                new ECPrivateKey(
                                256,
                                ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                                info.getPrivateKeyAlgorithm().getParameters())
                        .getEncoded();
            case "RSA PRIVATE KEY" -> info.parsePrivateKey().toASN1Primitive().getEncoded();
            default -> info.getEncoded();
        };
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Path key = Files.writeString(
                directory.resolve("other.key"),
                "-----BEGIN " + format + "-----\n" + body + "\n-----END " + format + "-----\n");
        assertThatThrownBy(() -> TlsPair.read(new TlsFiles(files.cert(), key)))
                .as("read, and compared with the certificate")
                .hasMessageContaining("do not belong together");
    }

    @Test
    void aCertificateOutsideItsPeriodIsDescribed() throws Exception {
        Certificates files = Certificates.make(directory, "node");
        TlsPair pair = TlsPair.read(new TlsFiles(files.cert(), files.key()));
        Instant now = Instant.now();
        assertThat(pair.invalidAt(now)).isEmpty();
        assertThat(pair.invalidAt(now.plus(Duration.ofDays(31))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("expired at 20"));
        assertThat(pair.invalidAt(now.minus(Duration.ofDays(1))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("is not valid before 20"));
        assertThat(pair.toString()).doesNotContain("BEGIN");
    }
}
