package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Compares digests with the examples of FIPS 180. */
class DigestsTest {
    private static final String SHA_256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void computesSha256() {
        assertThat(Digests.sha256Hex("abc")).isEqualTo(SHA_256_OF_ABC);
        assertThat(Digests.sha256("abc")).asHexString().isEqualToIgnoringCase(SHA_256_OF_ABC);
        assertThat(Digests.sha256("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(Digests.sha256("abc"));
    }

    @Test
    void computesSha1() {
        assertThat(Digests.sha1Hex("abc")).isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    @Test
    void encodesTextsAsUtf8() {
        assertThat(Digests.sha256("é")).isEqualTo(Digests.sha256(new byte[] {(byte) 0xc3, (byte) 0xa9}));
    }
}
