package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.ProtocolLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the memory of nonces with a simple implementation. */
class ReplayWindowTest {
    @ParameterizedTest
    @CsvSource({"1, 10, 5000", "2, 200, 5000", "3, 10000, 20000", "4, 90000, 300", "5, 1, 30000"})
    void remembersTheSameNoncesAsASimpleImplementation(long seed, int mostMillisBetween, int range) {
        Random random = new Random(seed);
        ReplayWindow window = new ReplayWindow();
        Deque<long[]> simple = new ArrayDeque<>();
        long now = 1_795_608_000_000L;
        int held = 0;
        for (int seq = 1; seq < 20_000; seq++) {
            now += random.nextInt(mostMillisBetween);
            long nonce = hash("n" + random.nextInt(range));
            while (!simple.isEmpty() && now - simple.getFirst()[1] > 180_000) {
                simple.removeFirst();
            }
            boolean known = simple.stream().anyMatch(entry -> entry[0] == nonce);
            assertThat(window.holds(nonce, now)).as("frame " + seq).isEqualTo(known);
            held += known ? 1 : 0;
            if (!known) {
                window.accept(seq, nonce, now);
                simple.addLast(new long[] {nonce, now});
                if (simple.size() > ProtocolLimits.MAX_NONCES) {
                    simple.removeFirst();
                }
            }
        }
        assertThat(held).isPositive();
    }

    @Test
    void forgetsNothingWhenTheClockGoesBack() {
        ReplayWindow window = new ReplayWindow();
        window.accept(1, 7, 1_000_000);

        assertThat(window.holds(7, 500_000)).isTrue();
        assertThat(window.holds(8, 500_000)).isFalse();
    }

    @Test
    void hashesOfDifferentNoncesDiffer() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            hashes.add(hash("nonce-" + i));
            hashes.add(hash("n" + "0".repeat(i % 30) + i));
        }
        assertThat(hashes).hasSizeGreaterThan(199_000);
    }

    private static long hash(String nonce) {
        byte[] bytes = nonce.getBytes(StandardCharsets.UTF_8);
        return ReplayWindow.hash(bytes, 0, bytes.length);
    }
}
