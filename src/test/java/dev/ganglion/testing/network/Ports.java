package dev.ganglion.testing.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Finds free ports of the loopback address, below the ports that the system assigns to outgoing connections. A random
 * choice makes it unlikely that tests in other JVMs find the same port.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int LAST = 28_000;

    private Ports() {}

    /** Returns a free port. */
    public static int free() {
        return firstOf(1);
    }

    /** Returns distinct free ports. */
    public static List<Integer> free(int count) {
        return ThreadLocalRandom.current()
                .ints(FIRST, LAST)
                .distinct()
                .filter(Ports::isFree)
                .limit(count)
                .boxed()
                .toList();
    }

    /** Returns the first of this many consecutive free ports. */
    public static int firstOf(int count) {
        return ThreadLocalRandom.current()
                .ints(FIRST, LAST)
                .filter(first -> IntStream.range(first, first + count).allMatch(Ports::isFree))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
