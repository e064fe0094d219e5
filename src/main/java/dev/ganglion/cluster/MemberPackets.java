package dev.ganglion.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.Packet;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.PacketDecoder;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Bounds the packets that a Hazelcast member accepts. Hazelcast reserves the memory for a packet as soon as its header
 * announces the length, whoever sent it: one header of 11 bytes could end a node.
 */
final class MemberPackets {
    /** A header is a version of 1 byte, flags of 2, a partition of 4, and a length of 4. */
    private static final int HEADER_BYTES = 11;

    private static final int LENGTH_AT = 7;
    private static final int PACKET_SHARE = 8;
    private static final int TOTAL_SHARE = 4;

    private final long maxPacket;
    private final long maxTotal;
    /** Bytes of all packets that were announced and are not complete. */
    private final AtomicLong announced = new AtomicLong();

    MemberPackets(long heap) {
        this.maxPacket = heap / PACKET_SHARE;
        this.maxTotal = heap / TOTAL_SHARE;
    }

    /** Starts a member whose packets use at most a quarter of the heap together, and an eighth each. Blocks. */
    static HazelcastInstance startMember(Config config) {
        MemberPackets packets = new MemberPackets(Runtime.getRuntime().maxMemory());
        return HazelcastInstanceFactory.newHazelcastInstance(
                config, HazelcastInstanceFactory.createInstanceName(config), new DefaultNodeContext() {
                    @Override
                    public NodeExtension createNodeExtension(Node node) {
                        return packets.extension(node);
                    }
                });
    }

    private NodeExtension extension(Node node) {
        return new DefaultNodeExtension(node) {
            @Override
            @SuppressWarnings("rawtypes") // as Hazelcast declares it
            public InboundHandler[] createInboundHandlers(
                    EndpointQualifier endpoint, ServerConnection connection, ServerContext context) {
                return new InboundHandler[] {
                    new Decoder(connection, node.getNodeEngine().getPacketDispatcher())
                };
            }
        };
    }

    /** Follows the lengths of the packets on one connection. Not thread-safe. */
    final class Lengths {
        private long missing;

        /** Reads ahead over the bytes that Hazelcast is about to read, and checks the length in each header. */
        void check(ByteBuffer bytes) {
            int at = bytes.position();
            while (at < bytes.limit()) {
                if (missing > 0) {
                    int part = (int) Math.min(missing, bytes.limit() - at);
                    at += part;
                    release(part);
                } else if (bytes.limit() - at < HEADER_BYTES) {
                    return; // Hazelcast leaves an incomplete header in the buffer
                } else {
                    reserve(bytes.getInt(at + LENGTH_AT));
                    at += HEADER_BYTES;
                }
            }
        }

        private void reserve(int length) {
            if (length < 0 || length > maxPacket) {
                throw new IllegalArgumentException("a packet of " + length + " bytes is larger than the limit");
            }
            if (announced.addAndGet(length) > maxTotal) {
                announced.addAndGet(-length);
                throw new IllegalArgumentException("the packets that are on their way are larger than the limit");
            }
            missing = length;
        }

        private void release(long bytes) {
            missing -= bytes;
            announced.addAndGet(-bytes);
        }

        /** Gives back what a connection had announced when it ended. */
        void end() {
            release(missing);
        }
    }

    private final class Decoder extends PacketDecoder {
        private final Lengths lengths = new Lengths();

        Decoder(ServerConnection connection, Consumer<Packet> to) {
            super(connection, to);
        }

        @Override
        public void handlerAdded() {
            super.handlerAdded();
            channel.addCloseListener(closed -> lengths.end());
        }

        @Override
        public HandlerStatus onRead() throws Exception {
            ByteBuffer ahead = src.duplicate().order(src.order());
            ahead.flip();
            lengths.check(ahead);
            return super.onRead();
        }
    }
}
