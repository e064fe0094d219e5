package dev.ganglion.projection.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules by which messages are masked. They must not change between releases; see {@link FingerprintTest}. */
class MaskedMessageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // numbers
                "order 8812 not found                                   | order <n> not found",
                "took 3 s                                               | took <n> s",
                "took 3.5s, limit 250ms                                 | took <n>, limit <n>",
                "offset -12 and +3 and 1,000.25 and 1e-05               | offset <n> and <n> and <n> and <n>",
                "10.0.0.7:6379 refused                                  | <n> refused",
                "at 2026-12-01T03:23:39Z                                | at <n>-<n>-<n>",
                "at 2026-12-01 03:23:39,123                             | at <n>-<n>-<n>",
                "range 5-9                                              | range <n>-<n>",
                // ids
                "worker3 and worker_17 and ORD-8812                     | worker<n> and worker_<n> and ORD-<n>",
                "charge ch_1N2xYz9 failed                               | charge ch_<n> failed",
                "key 9f86d081 or 86081234 or face1234                   | key <n> or <n> or <n>",
                "user 7f3c2a1e-9b4d-4c6f-8a21-0d5e6f7a8b9c              | user <uuid>",
                "user 7F3C2A1E-9B4D-4C6F-8A21-0D5E6F7A8B9C!             | user <uuid>!",
                "object at 0x7f00DEADbeef>                              | object at <hex>>",
                "token 01HV3KQ5Z8                                       | token <n>",
                // quoted texts
                "no such column 'price'                                 | no such column <text>",
                "no such column \"price of 'x'\" in `t`                 | no such column <text> in <text>",
                "it can't open 'a\\'b' here                             | it can't open <text> here",
                "got b'\\x00\\x01' bytes                                | got <text> bytes",
                "cut in 'the middle of a long                           | cut in <text>",
                "the users' table                                       | the users' table",
                // lists
                "ids [1, 2, 3]                                          | ids [<n>]",
                "ids [7]                                                | ids [<n>]",
                "keys 'a', 'b', 'c' and (1, 'x')                        | keys <text> and (<n>, <text>)",
                // form
                "two   spaces\tand a tab                                | two spaces and a tab",
                "Überlauf in Straße, 漢字 12                              | Überlauf in Straße, 漢字 <n>",
                "plain words stay_as they-are                           | plain words stay_as they-are",
            })
    void masksWhatDiffersBetweenFailures(String message, String masked) {
        assertThat(MaskedMessage.of(message)).isEqualTo(masked);
    }

    @Test
    void readsOnlyTheBeginningOfALongMessage() {
        String masked = MaskedMessage.of("word ".repeat(400) + "end");

        assertThat(masked).startsWith("word word").hasSize(MaskedMessage.MAX_LENGTH);
        assertThat(masked).isEqualTo(MaskedMessage.of("word ".repeat(500)));
    }

    @Test
    void takesTimeThatGrowsWithTheLengthOnly() {
        String hostile = "'\"`0x1-".repeat(200_000);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(MaskedMessage.of(hostile)).isNotEmpty());
    }

    @Test
    void acceptsAnEmptyMessage() {
        assertThat(MaskedMessage.of("  ")).isEmpty();
    }
}
