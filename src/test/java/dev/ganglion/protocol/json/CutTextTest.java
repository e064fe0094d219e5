package dev.ganglion.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CutTextTest {
    private static final String GRIN = "\uD83D\uDE00";

    @Test
    void returnsTextWithinTheLimitUnchanged() {
        assertThat(CutText.cut("", 64)).isEmpty();
        assertThat(CutText.cut(GRIN.repeat(64), 64)).isEqualTo(GRIN.repeat(64));
    }

    @Test
    void appendsAMarkWithTheKeptAndTheOriginalLength() {
        assertThat(CutText.cut("x".repeat(20_000), 8192))
                .isEqualTo("x".repeat(8160) + "…[cut: 8160 of 20000 characters]");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 99, 100, 101, 1_000, 1_000_000})
    void cutTextStaysWithinTheLimitAndSplitsNoCharacter(int length) {
        for (int most : new int[] {64, 80, 129, 1_031, 8_192}) {
            String cut = CutText.cut(GRIN.repeat(length), most);
            assertThat(cut.codePointCount(0, cut.length())).isLessThanOrEqualTo(most);
            assertThat(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(cut);
            if (length > most) {
                int mark = cut.indexOf("…[cut: ");
                String kept = cut.substring(mark + 7, cut.indexOf(" of "));
                assertThat(mark).isEqualTo(2 * Integer.parseInt(kept));
                assertThat(cut).endsWith(" of " + length + " characters]");
            }
        }
    }
}
