package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.value.Cidr;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    private static final List<Cidr> PROXIES = GanglionConfig.with(Map.of("http.trusted-proxies", "10.0.0.0/8,fd00::/8"))
            .http()
            .trustedProxies();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.1.1 | 192.0.2.7                    | 192.0.2.7",
                "10.1.1.1 | 192.0.2.7, 10.2.2.2          | 192.0.2.7",
                "10.1.1.1 | 6.6.6.6, 192.0.2.7,10.2.2.2  | 192.0.2.7",
                "fd00::1  | 2001:db8::7                  | 2001:db8::7",
                "10.1.1.1 | 10.3.3.3, 10.2.2.2           | 10.3.3.3",
                "10.1.1.1 | 6.6.6.6, 192.0.2.7:4711      | 192.0.2.7",
                "10.1.1.1 | 192.0.2.7, 10.2.2.2:80       | 192.0.2.7",
                "10.1.1.1 | [2001:db8::7]:4711           | 2001:db8::7",
                "10.1.1.1 | [2001:db8::7]                | 2001:db8::7",
                "10.1.1.1 | 2001:DB8:0:0:0:0:0:7         | 2001:db8::7",
                "10.1.1.1 | ::ffff:192.0.2.7             | 192.0.2.7",
                "::ffff:10.1.1.1 | 192.0.2.7             | 192.0.2.7",
                "0:0:0:0:0:0:0:1 | 192.0.2.7             | ::1",
                "10.1.1.1 | nonsense:4711                | 10.1.1.1",
                "10.1.1.1 | nonsense                     | 10.1.1.1",
                "10.1.1.1 | 6.6.6.6, nonsense, 10.2.2.2  | 10.2.2.2",
                "10.1.1.1 | 192.0.2.7,                   | 10.1.1.1",
                "192.0.2.1| 6.6.6.6                      | 192.0.2.1",
            })
    void skipsOnlyTrustedProxies(String peer, String forwarded, String client) {
        assertThat(ClientAddress.of(peer, forwarded, PROXIES)).isEqualTo(client);
    }

    @Test
    void returnsThePeerWithoutAHeaderOrATrustedProxy() {
        assertThat(ClientAddress.of("10.1.1.1", null, PROXIES)).isEqualTo("10.1.1.1");
        assertThat(ClientAddress.of("10.1.1.1", "6.6.6.6", List.of())).isEqualTo("10.1.1.1");
        assertThat(ClientAddress.of("10.1.1.1", "", PROXIES)).isEqualTo("10.1.1.1");
    }

    @Test
    void examinesALimitedNumberOfHops() {
        String chain = "6.6.6.6," + "10.9.9.9,".repeat(40) + "10.2.2.2";
        assertThat(ClientAddress.of("10.1.1.1", chain, PROXIES)).isEqualTo("10.9.9.9");
    }
}
