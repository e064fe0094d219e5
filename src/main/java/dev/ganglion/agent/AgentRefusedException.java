package dev.ganglion.agent;

import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import org.jspecify.annotations.Nullable;

/** The brain refused the agent in a way that trying again cannot mend. The message names the fix. */
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

    /** How the brain closed, null where it refused the upgrade itself. */
    public @Nullable CloseCode closeCode() {
        return closeCode;
    }

    /** The status of the refused upgrade, 0 where the brain closed instead. */
    public int httpStatus() {
        return httpStatus;
    }
}
