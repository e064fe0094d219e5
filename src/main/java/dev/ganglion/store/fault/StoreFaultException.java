package dev.ganglion.store.fault;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.StoreFault;
import org.jspecify.annotations.Nullable;

/** Reports a call or a connection that failed because of a fault of the store. */
public final class StoreFaultException extends GanglionException {
    private static final long serialVersionUID = 1L;

    private final transient StoreFault fault;

    /** Creates the report of a fault. */
    public StoreFaultException(StoreFault fault, @Nullable Throwable cause) {
        super(ErrorCode.STORE_UNAVAILABLE, fault.sentence(), null, cause);
        this.fault = fault;
    }

    /** Returns the fault. */
    public StoreFault fault() {
        return fault;
    }
}
