package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.WarnLog;
import dev.ganglion.testing.network.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks the TLS certificate of the port, and its renewal while the brain runs. */
class ServerTlsIT {
    private static final Duration SEVERAL_CHECKS = Duration.ofMinutes(2);
    private static final Path DIRECTORY = directory();
    private static final Certificates OLD = Certificates.make(DIRECTORY, "old");
    private static final Certificates RENEWED = Certificates.make(DIRECTORY, "renewed");
    private static final Path CERT = DIRECTORY.resolve("tls.crt");
    private static final Path KEY = DIRECTORY.resolve("tls.key");

    static {
        install(OLD);
    }

    @RegisterExtension
    static final BrainExtension brain =
            new BrainExtension().with("http.tls.cert", CERT.toString()).with("http.tls.key", KEY.toString());

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private static Path directory() {
        try {
            return Files.createTempDirectory("ganglion-tls");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Certificates certificates) {
        try {
            Files.copy(certificates.key(), KEY, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(certificates.cert(), CERT, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void reloadsARenewedCertificateAndKeepsTheOldOneIfTheNewOneIsUnusableOrHasAnotherKey() throws Exception {
        assertThat(shown(OLD)).isEqualTo(read(OLD.cert()));

        Files.writeString(CERT, "no certificate");
        await().atMost(SEVERAL_CHECKS)
                .untilAsserted(() -> assertThat(log.texts())
                        .anyMatch(line -> line.contains("Could not load the changed TLS certificate")));
        assertThat(shown(OLD)).isEqualTo(read(OLD.cert()));

        long complaints = complaints();
        install(new Certificates(RENEWED.cert(), OLD.key(), RENEWED.authority()));
        await().atMost(SEVERAL_CHECKS).until(() -> complaints() > complaints);
        assertThat(shown(OLD)).as("not with a key of another certificate").isEqualTo(read(OLD.cert()));

        install(RENEWED);
        await().atMost(SEVERAL_CHECKS)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(shown(RENEWED)).isEqualTo(read(RENEWED.cert())));
    }

    private long complaints() {
        return log.texts().stream()
                .filter(line -> line.contains("Could not load the changed TLS certificate"))
                .count();
    }

    private static Certificate read(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** Returns the certificate that the brain presents to a client that trusts only this authority. */
    private static Certificate shown(Certificates trusted) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        authorities.setCertificateEntry("ca", read(trusted.authority()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), brain.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
