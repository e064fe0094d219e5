package dev.ganglion.projection.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the forms in which engines report exceptions become exception and traceback. */
class FailureTextTest {
    private static final String FRAMES = """
            Traceback (most recent call last):
              File "/srv/rq/worker.py", line 1633, in perform_job
                return_value = job.perform()
                               ^^^^^^^^^^^^^
              File "/srv/shop/tasks.py", line 7, in charge
                raise ValueError("no money")
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ValueError      | no                       | ValueError: no",
                "ValueError      | ValueError('no')         | ValueError: no",
                "ValueError      | ValueError(\"it's\")     | ValueError: it's",
                "ValueError      | ValueError('no',)        | ValueError: no",
                "ValueError      | ValueError()             | ValueError",
                "ValueError      | ValueError: no           | ValueError: no",
                "ValueError      | ValueErrors happen       | ValueError: ValueErrors happen",
                "ValueError      | ValueError               | ValueError",
                "ValueError      | ``                       | ValueError",
                "KeyError        | KeyError(1, 2)           | KeyError(1, 2)",
                "KeyError        | KeyError('a', 'b')       | KeyError('a', 'b')",
                "ValueError      | ValueError('cut at…      | ValueError: ValueError('cut at…",
                "shop.PaymentError | PaymentError('no')     | shop.PaymentError: no",
                "shop.PaymentError | shop.PaymentError('no') | shop.PaymentError: no",
                "ValueError      | ValueError('a\\nb\\\\c\\'d\\x00') | `ValueError: a\nb\\c'd\\x00`",
            })
    void joinsTypeAndMessageWithoutRepeatingTheType(String type, String message, String exception) {
        assertThat(FailureText.of(type, message, null, "T")).isEqualTo(new FailureText(exception, "T"));
    }

    @Test
    void takesTheOnlyPartThatIsKnown() {
        assertThat(FailureText.of("E", null, "r", null).exception()).isEqualTo("E");
        assertThat(FailureText.of(null, "m", "r", null).exception()).isEqualTo("m");
        assertThat(FailureText.of(null, null, "r", null).exception()).isEqualTo("r");
        assertThat(FailureText.of(null, null, null, null)).isEqualTo(new FailureText(null, null));
    }

    @Test
    void splitsATracebackThatIsReportedAsTheException() {
        String whole = FRAMES + "ValueError: no money\n";

        assertThat(FailureText.of(whole, null, null, null))
                .isEqualTo(new FailureText("ValueError: no money", whole.strip()));
    }

    @Test
    void keepsAllLinesOfTheMessage() {
        String whole = FRAMES + "shop.PaymentError: no money\n\n  limit: 3\nTraceback (most recent call last):\n";

        assertThat(FailureText.of(whole, null, null, null).exception())
                .isEqualTo("shop.PaymentError: no money\n\n  limit: 3\nTraceback (most recent call last):");
    }

    @Test
    void takesTheLastExceptionOfAChain() {
        String during = "\nDuring handling of the above exception, another exception occurred:\n\n";
        String cause = "\nThe above exception was the direct cause of the following exception:\n\n";
        String whole =
                FRAMES + "KeyError: 'a'\n" + during + FRAMES + "ValueError: b\n" + cause + FRAMES + "OSError: c\n";

        assertThat(FailureText.of(whole, null, null, null).exception()).isEqualTo("OSError: c");
    }

    @Test
    void keepsATracebackThatIsReportedToo() {
        assertThat(FailureText.of(FRAMES + "ValueError: x", null, null, "T"))
                .isEqualTo(new FailureText("ValueError: x", "T"));
    }

    @Test
    void survivesATracebackThatWasCutWithinItsFrames() {
        assertThat(FailureText.of(FRAMES, "m", null, null).exception()).isEqualTo("m");
        assertThat(FailureText.of(FRAMES.strip(), null, "r", null).exception()).isNull();
        assertThat(FailureText.of("Traceback (most recent call last):", null, null, null)
                        .traceback())
                .isEqualTo("Traceback (most recent call last):");
    }
}
