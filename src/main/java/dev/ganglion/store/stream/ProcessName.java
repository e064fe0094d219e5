package dev.ganglion.store.stream;

import dev.ganglion.protocol.Digests;
import java.util.Arrays;
import java.util.Base64;

/** The short name of a worker process in stream entries. */
public final class ProcessName {
    private static final int BYTES = 6;

    /**
     * The name under which the brain reports what an agent said about a task. No digest gives it, and the reports of other
     * processes take precedence.
     */
    public static final String OF_BRAIN = "~brain";

    private ProcessName() {}

    /**
     * Returns the name of a process: the first 48 bits of the SHA-256 of its {@code worker_id}, or of the name of its
     * long-poll session, in base64url. Empty if it has neither.
     */
    public static String of(String workerId) {
        return workerId.isEmpty()
                ? ""
                : Base64.getUrlEncoder().encodeToString(Arrays.copyOf(Digests.sha256(workerId), BYTES));
    }
}
