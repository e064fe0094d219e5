package dev.ganglion.projection.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fingerprints are stable over releases of the brain: operators link to failure groups, and rules name them. <strong>The
 * expected values of this test must not change.</strong> A change of a rule needs a decision record and an entry in the
 * changelog, since it splits every group that exists.
 */
class FingerprintTest {
    private static final String CELERY = """
            Traceback (most recent call last):
              File "/usr/local/lib/python3.11/site-packages/celery/app/trace.py", line 477, in trace_task
                R = retval = fun(*args, **kwargs)
              File "/srv/shop/orders.py", line 31, in charge
                gateway.pay(order)
              File "/srv/shop/gateway.py", line 12, in pay
                raise PaymentError(f"card {card} declined")
            shop.errors.PaymentError: card 4242 declined
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop.charge | PaymentError: card 4242 declined             | TRACEBACK | 1eef6567c059cd9b",
                "shop.charge | ValueError: no stock for 'chair'             |           | 898f82fe02ad2c04",
                "shop.charge | KeyError: 'order_id'                         |           | b0d02fce92c5e908",
                "            | terminated by signal 9                       |           | c2ca748f8b579988",
                "            |                                              |           | 709e80c88487a241",
                "shop.sync   | psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint \"orders_pkey\" | | 77cd6027a6375677",
            })
    void goldenValuesNeverChange(String task, String exception, String traceback, String expected) {
        assertThat(Fingerprint.of(task, exception, traceback == null ? null : CELERY)
                        .text())
                .isEqualTo(expected);
    }

    @Test
    void showsItsParts() {
        assertThat(Fingerprint.of("shop.charge", "PaymentError: card 4242 declined", CELERY))
                .isEqualTo(new Fingerprint("PaymentError", "card <n> declined", "shop/gateway.py:pay", "shop.charge"));
    }

    @Test
    void isTheSameInWhateverFormAnAdapterReportsTheFailure() {
        Fingerprint signal = Fingerprint.of("shop.charge", "PaymentError: card 4242 declined", CELERY);

        assertThat(Fingerprint.of("shop.charge", "PaymentError('card 17 declined')", CELERY))
                .isEqualTo(signal);
        assertThat(Fingerprint.of("shop.charge", "PaymentError: PaymentError('card 17 declined')", CELERY))
                .isEqualTo(signal);
        assertThat(Fingerprint.of("shop.charge", CELERY, null)).isEqualTo(signal); // as rq reports it
    }

    @Test
    void isTheSameWhetherAKeyIsQuotedOrNot() {
        assertThat(Fingerprint.of("t", "KeyError: order_id", null).value())
                .isEqualTo(Fingerprint.of("t", "KeyError: 'order_id'", null).value())
                .isEqualTo(Fingerprint.of("t", "KeyError('order_id')", null).value());
    }

    @Test
    void differsByTaskTypeMessageAndFrame() {
        long one = Fingerprint.of("t", "ValueError: a", CELERY).value();

        assertThat(Fingerprint.of("u", "ValueError: a", CELERY).value()).isNotEqualTo(one);
        assertThat(Fingerprint.of("t", "TypeError: a", CELERY).value()).isNotEqualTo(one);
        assertThat(Fingerprint.of("t", "ValueError: b", CELERY).value()).isNotEqualTo(one);
        assertThat(Fingerprint.of("t", "ValueError: a", CELERY.replace("in pay", "in refund"))
                        .value())
                .isNotEqualTo(one);
    }

    @Test
    void ignoresLineNumbersAndDeeperLibraryFrames() {
        assertThat(Fingerprint.of("t", "ValueError: a", CELERY.replace("line 12", "line 99"))
                        .value())
                .isEqualTo(Fingerprint.of("t", "ValueError: a", CELERY).value());
    }

    @Test
    void isWrittenAsSixteenDigits() {
        assertThat(Fingerprint.text(0x2aL)).isEqualTo("000000000000002a");
    }
}
