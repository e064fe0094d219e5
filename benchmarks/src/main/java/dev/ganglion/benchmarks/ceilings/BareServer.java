package dev.ganglion.benchmarks.ceilings;

import dev.ganglion.benchmarks.host.Machine;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;

/**
 * A plain Vert.x WebSocket server that acknowledges every frame without parsing it. It runs in a process of its own,
 * with the same options and as many event loops as a brain. It shows the CPU cost of sockets alone, and the memory of a
 * stock connection.
 */
public final class BareServer extends VerticleBase {
    private static final int MAX_MESSAGE = 4 << 20;
    /** Vert.x port number for "one free port, shared by all instances of this deployment". */
    private static final int ANY_SHARED = -1;

    private static final int ID_WITHIN = 64;
    private static final String SESSION =
            "\"agent_id\":\"6301bbfc-a0c5-454e-8ff9-bb510944fe0c\",\"project_id\":\"6fced11d-2bd8-41e6-847a-8387cdde8d51\","
                    + "\"session_id\":\"";
    private static int sessions;
    private static volatile int port;

    /** Starts the server on a free port of the loopback address and prints {@code READY} with the port. */
    public static void main(String[] args) {
        int loops = Machine.eventLoops();
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
                .build();
        vertx.deployVerticle(BareServer.class, new DeploymentOptions().setInstances(loops))
                .onSuccess(all -> System.out.println("READY " + port))
                .onFailure(failure -> {
                    System.out.println("FAILED " + failure);
                    System.exit(1);
                });
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(ANY_SHARED)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setRegisterWebSocketWriteHandlers(false)
                        .setMaxWebSocketFrameSize(MAX_MESSAGE)
                        .setMaxWebSocketMessageSize(MAX_MESSAGE)
                        .setHttp2ClearTextEnabled(false)
                        .setTcpNoDelay(true))
                .webSocketHandler(BareServer::open);
        return server.listen().onSuccess(listening -> port = listening.actualPort());
    }

    private static void open(ServerWebSocket socket) {
        boolean[] greeted = {false};
        socket.handler(frame -> {
            Future<Void> written = greeted[0] ? ack(socket, frame) : greet(socket);
            greeted[0] = true;
            written.onFailure(failure -> {});
        });
    }

    private static synchronized String nextSession() {
        return String.format("%08x-0000-4000-8000-000000000000", ++sessions);
    }

    private static Future<Void> greet(ServerWebSocket socket) {
        return socket.writeTextMessage("{\"v\":2,\"type\":\"hello_ack\",\"id\":\"h\",\"payload\":{" + SESSION
                + nextSession() + "\",\"protocol_version\":\"2\",\"heartbeat_interval_seconds\":10}}");
    }

    /** Writes an ack as long as a brain's. The ack copies only the id from the frame. */
    private static Future<Void> ack(ServerWebSocket socket, Buffer frame) {
        String front = new String(frame.getBytes(0, Math.min(ID_WITHIN, frame.length())), StandardCharsets.ISO_8859_1);
        int from = front.indexOf("\"id\":\"") + 6;
        String id = front.substring(from, front.indexOf('"', from));
        return socket.writeTextMessage("{\"hmac\":\"0000000000000000000000000000000000000000000000000000000000000000\","
                + "\"id\":\"3a124c64-7e02-4f05-b7c1-dce27f7695f5\",\"nonce\":\"qWk3eY0w2xU-1\",\"payload\":{\"accepted\":"
                + "100,\"acked_id\":\"" + id + "\",\"received\":100,\"rejected\":0},\"seq\":12345,\"ts\":"
                + "\"2026-11-24T12:00:00.000000Z\",\"type\":\"event_batch_ack\",\"v\":2}");
    }
}
