package dev.ganglion.projection.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the type and the message are read from what agents report as the exception. */
class ExceptionTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            value = {
                "ValueError: no stock                                    | ValueError                     | no stock",
                "ValueError('no stock')                                  | ValueError                     | no stock",
                "ValueError('no stock',)                                 | ValueError                     | no stock",
                "ValueError: ValueError('no stock')                      | ValueError                     | no stock",
                "ValueError: ValueError: no stock                        | ValueError                     | no stock",
                "ValueError(\"can't\")                                   | ValueError                     | can't",
                "ValueError('it\\'s')                                    | ValueError                     | it's",
                "shop.errors.PaymentError: PaymentError('declined')      | shop.errors.PaymentError       | declined",
                "psycopg2.errors.UniqueViolation: duplicate key          | psycopg2.errors.UniqueViolation| duplicate key",
                "FileNotFoundError(2, 'No such file')                    | FileNotFoundError              | (2, 'No such file')",
                "KeyError(42)                                            | KeyError                       | 42",
                "MemoryError                                             | MemoryError                    | ^^",
                "MemoryError()                                           | MemoryError                    | ^^",
                "socket.timeout: timed out                               | socket.timeout                 | timed out",
                "terminated by signal 9                                  | ^^                             | terminated by signal 9",
                "expired                                                 | ^^                             | expired",
                "note: a text                                            | ^^                             | note: a text",
                "Could not connect: refused                              | ^^                             | Could not connect: refused",
                "12: a number                                            | ^^                             | 12: a number",
            })
    void readsTypeAndMessage(String exception, String type, String message) {
        assertThat(ExceptionText.of(exception)).isEqualTo(new ExceptionText(type, message));
    }

    @Test
    void readsTheExceptionAtTheEndOfATraceback() {
        assertThat(ExceptionText.of("""
                Traceback (most recent call last):
                  File "/app/shop/orders.py", line 12, in charge
                    gateway.pay(order)
                shop.errors.PaymentError: declined
                by the bank
                """))
                .isEqualTo(new ExceptionText("shop.errors.PaymentError", "declined\nby the bank"));
    }

    @Test
    void readsTheLastExceptionOfAChain() {
        assertThat(ExceptionText.of("""
                Traceback (most recent call last):
                  File "/app/shop/orders.py", line 12, in charge
                    gateway.pay(order)
                KeyError: 'token'

                During handling of the above exception, another exception occurred:

                Traceback (most recent call last):
                  File "/app/shop/orders.py", line 14, in charge
                    raise PaymentError("no token")
                shop.errors.PaymentError: no token
                """)).isEqualTo(new ExceptionText("shop.errors.PaymentError", "no token"));
    }

    @Test
    void aTracebackWithinTheMessageIsPartOfTheMessage() {
        ExceptionText text = ExceptionText.of("""
                Traceback (most recent call last):
                  File "/app/shop/pool.py", line 3, in work
                    pool.map(run, orders)
                RuntimeError: a child failed:
                Traceback (most recent call last):
                  File "/app/shop/child.py", line 1, in run
                ValueError: inner
                """);

        assertThat(text.type()).isEqualTo("RuntimeError");
        assertThat(text.message()).startsWith("a child failed:").endsWith("ValueError: inner");
    }

    @Test
    void aTracebackThatWasCutHasNoException() {
        assertThat(ExceptionText.of("""
                Traceback (most recent call last):
                  File "/app/shop/orders.py", line 12, in charge
                    gateway.pay(or…[truncated]""")).isEqualTo(new ExceptionText("", ""));
    }

    @Test
    void readsLinesOfWindows() {
        assertThat(
                        ExceptionText.of(
                                "Traceback (most recent call last):\r\n  File \"C:\\app\\a.py\", line 1, in f\r\nValueError: x\r\n"))
                .isEqualTo(new ExceptionText("ValueError", "x"));
    }

    @Test
    void aMissingExceptionIsEmpty() {
        assertThat(ExceptionText.of(null)).isEqualTo(new ExceptionText("", ""));
    }
}
