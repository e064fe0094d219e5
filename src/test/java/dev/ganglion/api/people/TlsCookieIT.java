package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class TlsCookieIT {
    private static final Path DIRECTORY = temporary();
    private static final Certificates CERTIFICATES = Certificates.make(DIRECTORY, "brain");

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("http.tls.cert", CERTIFICATES.cert().toString())
            .with("http.tls.key", CERTIFICATES.key().toString());

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ganglion-tls");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void removeTheCertificates() throws IOException {
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void setsASecureHostCookieUnderTls() {
        Vertx vertx = Vertx.vertx();
        try {
            HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                    .setSsl(true)
                    .setDefaultHost("127.0.0.1")
                    .setDefaultPort(brain.port())
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(CERTIFICATES.authority().toString())));
            JsonObject user = new JsonObject().put("email", "ada@example.org").put("password", TestUsers.PASSWORD);
            assertThat(post(client, "/api/v1/auth/setup", user)).startsWith("201 ");
            assertThat(post(client, "/api/v1/auth/login", user))
                    .startsWith("200 __Host-ganglion_session=")
                    .contains("; Secure", "; HTTPOnly", "; SameSite=Strict", "; Path=/");
        } finally {
            vertx.close().await();
        }
    }

    private static String post(HttpClient client, String path, JsonObject body) {
        return client.request(HttpMethod.POST, path)
                .compose(request -> request.putHeader("Authorization", BrainExtension.ADMIN)
                        .putHeader("Content-Type", "application/json")
                        .send(body.toBuffer()))
                .map(answer -> answer.statusCode() + " " + answer.getHeader("Set-Cookie"))
                .await();
    }
}
