package dev.ganglion.agent;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import org.jspecify.annotations.Nullable;

/**
 * Reports that the brain refused the agent for a permanent reason, so that retrying is useless. The message contains
 * the remedy.
 */
public final class AgentRefusedException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final @Nullable CloseCode closeCode;
    private final int httpStatus;

    AgentRefusedException(CloseCode closeCode, String message) {
        this(closeCode, 0, closeCode.errorCode(), message);
    }

    AgentRefusedException(int httpStatus, ErrorCode errorCode, String message) {
        this(null, httpStatus, errorCode, message);
    }

    private AgentRefusedException(@Nullable CloseCode closeCode, int httpStatus, ErrorCode errorCode, String message) {
        super(errorCode, message);
        this.closeCode = closeCode;
        this.httpStatus = httpStatus;
    }

    /** The brain's close code; null if the brain rejected the upgrade. */
    public @Nullable CloseCode closeCode() {
        return closeCode;
    }

    /** The HTTP status of the rejected upgrade; 0 if the brain closed an open connection. */
    public int httpStatus() {
        return httpStatus;
    }
}
