package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.dev.LocalBrainClient;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.network.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the health check that a container runs next to the brain. */
class HealthCommandIT {
    private static final int PORT = Ports.free();

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("http.port", String.valueOf(PORT))
            .with("http.proxy-protocol", "true")
            .with("http.trusted-proxies", "127.0.0.1");

    private final StringWriter out = new StringWriter();

    private int health(String port, String... more) {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                Map.of(
                        "GANGLION_HTTP_PORT", port,
                        "GANGLION_HTTP_PROXY_PROTOCOL", "true",
                        "GANGLION_HTTP_TRUSTED_PROXIES", "127.0.0.1"));
        String[] line = new String[more.length + 1];
        line[0] = "health";
        System.arraycopy(more, 0, line, 1, more.length);
        return Main.commandLine(console).execute(line);
    }

    @Test
    void reportsAServingBrainAsHealthyBehindTheProxyProtocol() {
        assertThat(health(String.valueOf(PORT))).isEqualTo(ExitCode.OK);
        assertThat(health(String.valueOf(PORT), "--ready")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("/healthz: HTTP/1.1 200", "/readyz: HTTP/1.1 200");
    }

    @Test
    void failsIfNoBrainListens() {
        assertThat(health(String.valueOf(Ports.free()))).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("ganglion: ");
    }

    @Test
    void usesTheLoopbackAddressIfTheBrainListensOnAllAddresses() {
        GanglionConfig config = GanglionConfig.with(Map.of("http.host", "::"));

        assertThat(LocalBrainClient.url(config, 7700, "ws")).isEqualTo("ws://127.0.0.1:7700");
    }
}
