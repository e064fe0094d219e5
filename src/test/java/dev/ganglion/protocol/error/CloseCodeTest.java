package dev.ganglion.protocol.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodeTest {
    @ParameterizedTest
    @EnumSource
    void everyCloseCodeHasAReasonWithinTheLimitAndALabelAndAnErrorCode(CloseCode code) {
        assertThat(code.reason().getBytes(UTF_8)).hasSizeBetween(1, CloseCode.MAX_REASON_BYTES);
        assertThat(code.label()).matches("[a-z_]+");
        assertThat(code.errorCode().code()).matches("[a-z_]+");
    }

    @Test
    void exactlyFourCloseCodesAreNotRetryable() {
        Set<Integer> stop = Arrays.stream(CloseCode.values())
                .filter(code -> !code.retryable())
                .map(CloseCode::code)
                .collect(Collectors.toSet());

        assertThat(stop).containsExactlyInAnyOrder(4401, 4003, 4426, 4429);
    }

    @Test
    void errorCodesAreUniqueAndHaveAnHttpErrorStatus() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::httpStatus))
                .allMatch(status -> status >= 400 && status < 600);
        assertThat(CloseCode.INVALID_SIGNATURE.errorCode().code()).isEqualTo("invalid_signature");
        assertThat(CloseCode.REPLAYED_FRAME.errorCode().code()).isEqualTo("replayed_frame");
        assertThat(CloseCode.STALE_TIMESTAMP.errorCode().code()).isEqualTo("stale_timestamp");
    }

    @Test
    void protocolExceptionsHaveNoStackTrace() {
        ProtocolException exception = new ProtocolException(CloseCode.MALFORMED_FRAME, "m", "f");

        assertThat(exception.getStackTrace()).isEmpty();
        assertThat(exception.field()).isEqualTo("f");
        assertThat(new GanglionException(ErrorCode.NOT_FOUND, "m").getStackTrace())
                .isNotEmpty();
        assertThat(new GanglionException(ErrorCode.INTERNAL, "m", null, exception))
                .hasCause(exception);
    }
}
