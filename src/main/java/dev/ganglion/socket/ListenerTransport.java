package dev.ganglion.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The epoll transport of Linux, with HTTP listeners that bound the bytes under way from a peer to the node.
 *
 * <p>An agent up to 1.6 resends in a loop until its writes block, which happens when the buffers between it and the
 * node are full. Two options of the listener keep these buffers small for all kinds of networks:
 *
 * <ul>
 *   <li>The kernel of the peer sizes its send buffer by the maximum segment size. On the loopback interface the
 *       segments have 64 KB and the buffer 4 MB. This class announces the segment size of Ethernet.
 *   <li>The first receive window is what a peer may send in its first flight anyway. The kernel enlarges it as usual
 *       while the node reads fast.
 * </ul>
 *
 * <p>Decision 013 has the measurements.
 */
final class ListenerTransport implements Transport {
    private static final int TCP_LEVEL = 6;
    private static final int SOCKET_LEVEL = 1;
    /** Maximum segment size of TCP over IPv4 on Ethernet. Ordinary networks use it or less. */
    private static final int ETHERNET_SEGMENT = 1_460;
    /** Linux doubles this value, and announces half of the result as window. */
    private static final int FIRST_WINDOW_BYTES = 16 * 1024;

    private static final ChannelOption<Integer> TCP_MAXSEG = new IntegerUnixChannelOption("TCP_MAXSEG", TCP_LEVEL, 2);
    /** Sets whether the kernel may still tune the buffers after their sizes were set. Exists since Linux 5.17. */
    private static final ChannelOption<Integer> SO_BUF_LOCK =
            new IntegerUnixChannelOption("SO_BUF_LOCK", SOCKET_LEVEL, 72);

    private static final Pattern KERNEL = Pattern.compile("^(\\d+)\\.(\\d+)");
    private static final int UNLOCKING_MAJOR = 5;
    private static final int UNLOCKING_MINOR = 17;

    private final Epoll epoll;

    private ListenerTransport(Epoll epoll) {
        this.epoll = epoll;
    }

    /** Returns the transport, or empty if this machine has no epoll. */
    static Optional<Transport> ofMachine() {
        Epoll epoll = new Epoll(unlocksBuffers(System.getProperty("os.version", "")));
        return epoll.isAvailable() ? Optional.of(new ListenerTransport(epoll)) : Optional.empty();
    }

    /** Whether a Linux kernel of this version can tune a buffer whose size was set. */
    static boolean unlocksBuffers(String kernel) {
        Matcher version = KERNEL.matcher(kernel);
        if (!version.find()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        return major > UNLOCKING_MAJOR
                || (major == UNLOCKING_MAJOR && Integer.parseInt(version.group(2)) >= UNLOCKING_MINOR);
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public boolean available() {
        return epoll.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return epoll.unavailabilityCause();
    }

    @Override
    public EpollTransport implementation() {
        return epoll;
    }

    /** Sets the options of HTTP listeners. */
    private static final class Epoll extends EpollTransport {
        private final boolean unlocks;

        private Epoll(boolean unlocks) {
            this.unlocks = unlocks;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            if (!domainSocket && options instanceof HttpServerOptions) {
                bootstrap.option(TCP_MAXSEG, ETHERNET_SEGMENT);
                if (unlocks) {
                    bootstrap.option(ChannelOption.SO_RCVBUF, FIRST_WINDOW_BYTES);
                    bootstrap.option(SO_BUF_LOCK, 0);
                }
            }
        }
    }
}
