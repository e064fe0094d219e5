package dev.ganglion;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address that nobody listens on just now; somebody else may take one before its user does. */
final class FreePorts {
    /**
     * Below the ports that the system gives to outgoing connections: a client that retries a port of that range while its
     * server is down can end up connected to itself.
     */
    private static final int FIRST = 28_100;

    private static final int LAST = 32_700;
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /** A free port. */
    static int one() {
        return several(1).get(0);
    }

    /** So many free ports, no two the same. */
    static List<Integer> several(int count) {
        List<Integer> ports = ThreadLocalRandom.current()
                .ints(ATTEMPTS, FIRST, LAST)
                .distinct()
                .filter(FreePorts::isFree)
                .limit(count)
                .boxed()
                .toList();
        if (ports.size() < count) {
            throw new RedisProcessException("no free port between %d and %d".formatted(FIRST, LAST));
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
