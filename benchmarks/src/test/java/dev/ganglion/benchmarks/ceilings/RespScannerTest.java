package dev.ganglion.benchmarks.ceilings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks the scanner of the Redis protocol and the joiner of transactions. */
class RespScannerTest {
    private static final List<String> VALUES =
            List.of("+OK\r\n", ":12\r\n", "$-1\r\n", "$4\r\na\r\nb\r\n", "*2\r\n*1\r\n$1\r\nx\r\n:1\r\n", "*0\r\n");

    private static List<String> scanned(RespScanner scanner, String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        List<String> values = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += piece) {
            int length = Math.min(piece, bytes.length - at);
            byte[] part = new byte[length];
            System.arraycopy(bytes, at, part, 0, length);
            scanner.add(part, length);
            for (int size = scanner.next(); size > 0; size = scanner.next()) {
                values.add(new String(scanner.last(size), StandardCharsets.US_ASCII));
            }
        }
        return values;
    }

    @Test
    void findsCompleteValuesInPiecesOfAnySize() {
        for (int piece = 1; piece < 40; piece++) {
            RespScanner scanner = new RespScanner();
            assertThat(scanned(scanner, String.join("", VALUES), piece)).isEqualTo(VALUES);
            assertThat(scanner.failed()).isFalse();
        }
    }

    @Test
    void noticesAnErrorInsideAnArray() {
        RespScanner scanner = new RespScanner();
        assertThat(scanned(scanner, "*2\r\n+OK\r\n-ERR no\r\n", 5)).hasSize(1);
        assertThat(scanner.failed()).isTrue();
    }

    @Test
    void joinsATransactionAndSkipsConnectionSetUp() {
        Recording.Joiner joiner = new Recording.Joiner();
        assertThat(joiner.add(Recording.encode("AUTH", "secret"))).isEmpty();
        assertThat(joiner.add(Recording.encode("GET", "a"))).hasSize(1);
        assertThat(joiner.add(Recording.encode("MULTI"))).isEmpty();
        assertThat(joiner.add(Recording.encode("SET", "a", "b"))).isEmpty();
        List<Recording.Unit> units = joiner.add(Recording.encode("EXEC"));
        assertThat(units).hasSize(1);
        assertThat(units.get(0).replies()).isEqualTo(3);
    }
}
