package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Asserts that a frame is rejected, with which close code and for which field. */
public final class AssertRejected {
    private AssertRejected() {}

    public static void of(ThrowingCallable call, CloseCode code) {
        ProtocolException refusal = catchThrowableOfType(ProtocolException.class, call);
        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.closeCode()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.errorCode()).isEqualTo(code.errorCode());
    }

    public static void of(ThrowingCallable call, CloseCode code, @Nullable String field) {
        of(call, code);
        ProtocolException refusal = catchThrowableOfType(ProtocolException.class, call);
        assertThat(refusal.field()).as(refusal.getMessage()).isEqualTo(field);
        if (field != null) {
            assertThat(refusal).hasMessageContaining(field);
        }
    }
}
