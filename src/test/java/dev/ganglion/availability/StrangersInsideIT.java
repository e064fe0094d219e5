package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.fault.FaultProcess;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a stranger who reaches the ports between the nodes cannot end a node with a heap of 256 MB. */
class StrangersInsideIT {
    private static final int CONNECTIONS = 500;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @TempDir
    private Path directory;

    private final List<Integer> ports = Ports.free(2);

    private FaultProcess start() {
        return FaultProcess.start(
                directory,
                Map.of(
                        "GANGLION_HTTP_PORT",
                        "0",
                        "GANGLION_MASTER_SECRET",
                        BrainExtension.MASTER_SECRET,
                        "GANGLION_REDIS_URI",
                        redis.connectionString().value(),
                        "GANGLION_CLUSTER_NAME",
                        "strangers-" + ports.get(0),
                        "GANGLION_CLUSTER_MEMBERS",
                        "127.0.0.1:" + ports.get(0),
                        "GANGLION_CLUSTER_PORT",
                        ports.get(0).toString(),
                        "GANGLION_CLUSTER_BUS_PORT",
                        ports.get(1).toString()),
                "serve");
    }

    private static byte[] vertxLeave() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(message)) {
            out.write(new byte[] {2, 13, 0}); // version, codec of a JSON object, send
            for (String part : new String[] {"node.any", "", "x"}) {
                out.writeInt(part.length());
                out.write(part.getBytes(StandardCharsets.UTF_8));
            }
            out.writeInt(4);
            byte[] body = "{\"v\":1,\"type\":\"leave\"}".getBytes(StandardCharsets.UTF_8);
            out.writeInt(body.length);
            out.write(body);
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(frame)) {
            out.writeInt(message.size());
            out.write(message.toByteArray());
        }
        return frame.toByteArray();
    }

    /** Returns the beginning of Hazelcast's member protocol, and the header of a packet with this length. */
    private static byte[] hugePacket(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBytes("HZC");
            out.writeByte(4);
            out.writeChar(0);
            out.writeInt(-1);
            out.writeInt(length);
            out.writeByte(0);
        }
        return bytes.toByteArray();
    }

    private static Socket send(int port, byte[] bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(bytes);
        return socket;
    }

    private static void assertReady(int port) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                Rest.at(port, "").call("GET", "/readyz", null).status())
                        .isEqualTo(200));
    }

    @Test
    void framesOf2GiBAForgedLeaveAndManyConnectionsEndNoNode() throws Exception {
        byte[] huge = {0x7f, -1, -1, -1, 1, 2, 3};
        List<Socket> open = new ArrayList<>();
        try (FaultProcess node = start()) {
            int port = Integer.parseInt(node.awaitLine("serves on http://[^:]+:(\\d+)"));
            assertReady(port);
            for (int i = 0; i < CONNECTIONS; i++) {
                open.add(send(ports.get(1), i % 3 == 0 ? huge : i % 3 == 1 ? vertxLeave() : new byte[] {0, 0}));
            }
            for (int i = 0; i < 20; i++) {
                open.add(send(ports.get(0), hugePacket(Integer.MAX_VALUE)));
                open.add(send(ports.get(0), hugePacket(Integer.MAX_VALUE / 100)));
            }
            assertReady(port);
            Awaitility.await()
                    .during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertReady(port));
            assertThat(node.output()).doesNotContain("OutOfMemoryError").doesNotContain("\tat ");
            assertThat(node.output().lines().filter(line -> line.contains("Refused a connection")))
                    .as("one line per minute")
                    .hasSizeLessThanOrEqualTo(2);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
