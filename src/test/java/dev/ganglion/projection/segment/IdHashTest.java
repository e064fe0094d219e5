package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdHashTest {
    /** From the reference implementation of SipHash: the input of length n is the bytes 0, 1, … n - 1. */
    @Test
    void isSipHash() {
        assertThat(IdHash.of(sequence(0))).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(IdHash.of(sequence(1))).isEqualTo(0x74f839c593dc67fdL);
        assertThat(IdHash.of(sequence(8))).isEqualTo(0x93f5f5799a932462L);
        assertThat(IdHash.of(sequence(15))).isEqualTo(0xa129ca6149be45e5L);
    }

    private static byte[] sequence(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void hashesUtf8() {
        assertThat(IdHash.of("6:celeryä"))
                .isEqualTo(IdHash.of(new byte[] {'6', ':', 'c', 'e', 'l', 'e', 'r', 'y', (byte) 0xc3, (byte) 0xa4}));
    }

    @Test
    void differsForSimilarKeys() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            hashes.add(IdHash.of("6:celery" + i));
        }
        assertThat(hashes).hasSize(100_000);
    }
}
