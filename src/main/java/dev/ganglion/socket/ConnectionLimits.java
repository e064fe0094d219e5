package dev.ganglion.socket;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.ganglion.config.ConnectionConfig;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Limits of the connections to a node.
 *
 * @param head longest time until a request head is complete, from the first byte or from the start of the connection
 * @param idle longest time between two requests
 * @param total largest number of connections; a few more are served for health checks alone
 * @param strangers largest number of connections whose client is not authenticated
 * @param waitingPerNetwork largest number of unauthenticated connections of one client that wait for a request
 */
public record ConnectionLimits(Duration head, Duration idle, int total, int strangers, int waitingPerNetwork) {
    /** Descriptors for files, Redis, the cluster and health checks. */
    private static final int RESERVED_DESCRIPTORS = 256;

    private static final int RESERVED_DIVISOR = 10;
    private static final int SMALLEST_TOTAL = 64;
    private static final int LARGEST_TOTAL = 1_000_000;
    /** Memory that a request head with all its headers may take. */
    private static final int HEAD_BYTES = 128 * 1024;

    /** Returns the limits of this process: below its limit of open files, and within its memory. */
    public static ConnectionLimits of(ConnectionConfig config) {
        int total = config.max() > 0 ? config.max() : below(descriptors());
        long byMemory = Runtime.getRuntime().maxMemory() / HEAD_BYTES;
        int strangers = (int) Math.max(SMALLEST_TOTAL, Math.min(total / 2, byMemory));
        return new ConnectionLimits(
                config.headTimeout(),
                config.idleTimeout(),
                total,
                strangers,
                Math.min(config.waitingPerAddress(), strangers));
    }

    /** The largest number of connections of a process that may open so many files. */
    static int below(long descriptors) {
        long reserved = Math.max(RESERVED_DESCRIPTORS, descriptors / RESERVED_DIVISOR);
        return (int) Math.max(SMALLEST_TOTAL, Math.min(LARGEST_TOTAL, descriptors - reserved));
    }

    /** The number of files that this process may open; practically unlimited if the system does not report it. */
    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }
}
