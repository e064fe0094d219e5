package dev.ganglion.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "192.168.4.0/22, 192.168.3.255, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "128.0.0.0/1, 255.1.1.1, true",
        "128.0.0.0/1, 127.1.1.1, false",
        "0.0.0.0/0, 200.1.1.1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, fe80::1, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::1, ::1, true",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, 11.1.2.3, false",
        "::ffff:192.0.2.7, 192.0.2.7, true"
    })
    void containsItsAddresses(String block, String address, boolean held) throws UnknownHostException {
        assertThat(Cidr.parse(block).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/a",
                "10.0.0",
                "1.2.3.400",
                "fe80::1%eth0"
            })
    void rejectsAnyOtherText(String text) {
        assertThat(Cidr.parse(text)).isEmpty();
    }

    @Test
    void comparesByAddressesAndPrefix() {
        assertThat(Cidr.parse("::1")).isEqualTo(Cidr.parse("0:0::1/128")).hasSameHashCodeAs(Cidr.parse("0::1"));
        assertThat(Cidr.parse("10.0.0.0/8")).isNotEqualTo(Cidr.parse("10.0.0.0/9"));
    }
}
