package dev.ganglion.dev.redis;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds loopback ports that are currently free. Another process may take a port before the caller uses it. */
public final class FreePorts {
    /**
     * The range lies below the ports that the system assigns to outgoing connections. A client that retries a port of
     * that range while its server is down can end up connected to itself.
     */
    private static final int FIRST = 28_100;

    private static final int LAST = 32_700;
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /** Returns a free port. */
    static int one() {
        return several(1).get(0);
    }

    /** Returns this many distinct free ports. */
    public static List<Integer> several(int count) {
        List<Integer> ports = ThreadLocalRandom.current()
                .ints(ATTEMPTS, FIRST, LAST)
                .distinct()
                .filter(FreePorts::isFree)
                .limit(count)
                .boxed()
                .toList();
        if (ports.size() < count) {
            throw new RedisProcessException("not enough free ports between %d and %d".formatted(FIRST, LAST));
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(RedisProcess.address(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
