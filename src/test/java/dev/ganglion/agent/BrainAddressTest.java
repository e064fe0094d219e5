package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.error.GanglionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrainAddressTest {
    @ParameterizedTest
    @CsvSource({
        "wss://brain.example:7700, brain.example, 7700, true, /ws, /ws/agent",
        "https://brain.example, brain.example, 443, true, /ws, /ws/agent",
        "https://Brain.Example/z4j/, brain.example, 443, true, /z4j/ws, /z4j/ws/agent",
        "ws://127.0.0.1:7700, 127.0.0.1, 7700, false, /ws, /ws/agent",
        "http://localhost, localhost, 80, false, /ws, /ws/agent",
        "ws://[::1]:7700/, ::1, 7700, false, /ws, /ws/agent"
    })
    void reads_host_port_and_path(String url, String host, int port, boolean tls, String documented, String library) {
        BrainAddress brain = BrainAddress.parse(url);

        assertThat(brain.host()).isEqualTo(host);
        assertThat(brain.port()).isEqualTo(port);
        assertThat(brain.tls()).isEqualTo(tls);
        assertThat(brain.endpoint(Dialect.DOCUMENTED)).isEqualTo(documented);
        assertThat(brain.endpoint(Dialect.LIBRARY)).isEqualTo(library);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ws://brain.example:7700", "http://10.0.0.1", "ws://127.0.0.1.example", "ws://localhost.example"
            })
    void rejects_a_plain_connection_beyond_loopback_and_names_the_fix(String url) {
        assertThatThrownBy(() -> BrainAddress.parse(url))
                .isInstanceOf(GanglionException.class)
                .hasMessageContaining("wss://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brain.example:7700",
                "ftp://brain.example",
                "wss://",
                "wss://user:secret@brain",
                "not a url",
                "wss://b?x=1"
            })
    void rejects_an_invalid_address_without_repeating_credentials(String url) {
        assertThatThrownBy(() -> BrainAddress.parse(url))
                .isInstanceOf(GanglionException.class)
                .hasMessageContaining("URL")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void prints_as_a_url() {
        assertThat(BrainAddress.parse("http://[::1]:7700")).hasToString("ws://[::1]:7700");
    }
}
