package dev.ganglion.testing.network;

import dev.ganglion.config.value.RedisUri;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;

/** A TLS proxy in front of a Redis without TLS. Its certificate is valid for the name {@code localhost}. */
public final class TlsProxy implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final RedisUri redis;
    private final Certificates certificates;
    private final int port;

    /** Creates a certificate in the directory and listens. */
    public TlsProxy(RedisUri redis, Path directory) {
        this.redis = redis;
        this.certificates = Certificates.make(directory, "redis", "dns:localhost");
        NetServer server =
                vertx.createNetServer(new NetServerOptions().setSsl(true).setKeyCertOptions(certificates.forServer()));
        NetClient client = vertx.createNetClient();
        port = server.connectHandler(socket -> {
                    NetSocket paused = socket.pause();
                    client.connect(redis.port(), redis.host())
                            .onSuccess(inside -> join(paused, inside))
                            .onFailure(down -> paused.close());
                })
                .listen(0, "localhost")
                .await()
                .actualPort();
    }

    private static void join(NetSocket outside, NetSocket inside) {
        outside.pipeTo(inside).onComplete(end -> inside.close());
        inside.pipeTo(outside).onComplete(end -> outside.close());
    }

    /** Returns the certificate of the authority. */
    public Path certificate() {
        return certificates.authority();
    }

    /** Returns the address of Redis through this proxy, with this name for the loopback address. */
    public RedisUri uri(String host) {
        return new RedisUri(true, host, port, redis.user(), redis.password(), redis.database());
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
