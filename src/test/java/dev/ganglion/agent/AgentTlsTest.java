package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.network.Certificates;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTlsTest extends AgentTests {
    @TempDir
    private Path directory;

    private Certificates certificates;
    private ScriptedBrain secure;

    @BeforeEach
    void startSecureBrain() throws Exception {
        certificates = Certificates.make(directory, "brain", "dns:localhost");
        secure = new ScriptedBrain(
                vertx, new HttpServerOptions().setSsl(true).setKeyCertOptions(certificates.forServer()));
    }

    @AfterEach
    void stopSecureBrain() {
        secure.close();
    }

    @Test
    void connects_to_a_brain_whose_certificate_it_trusts() throws Exception {
        Agent agent = agent(options("localhost").withTls(trust()));

        agent.start().await();
        assertThat(agent.emit(event(1))).isTrue();
        agent.flushed().await();

        assertThat(secure.session().upgrade().isSSL()).isTrue();
    }

    @Test
    void does_not_connect_to_a_brain_whose_certificate_it_does_not_trust() {
        Agent agent = agent(options("localhost"));
        var started = agent.start();

        await().until(() -> agent.state() instanceof AgentState.Disconnected lost && lost.failures() >= 2);

        assertThat(started.isComplete()).isFalse();
    }

    @Test
    void does_not_connect_to_a_host_that_the_certificate_does_not_name() {
        Agent agent = agent(options("127.0.0.1").withTls(trust()));
        var started = agent.start();

        await().until(() -> agent.state() instanceof AgentState.Disconnected lost && lost.failures() >= 2);

        assertThat(started.isComplete()).isFalse();
    }

    private AgentOptions options(String host) {
        AgentOptions plain = secure.options();
        return AgentOptions.of(
                        "wss://" + host + ":" + secure.port(),
                        plain.credentials().token(),
                        plain.credentials().hmacSecret())
                .withBackoff(plain.backoff());
    }

    private ClientSSLOptions trust() {
        return new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(certificates.authority().toString()));
    }
}
