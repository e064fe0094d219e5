package dev.ganglion.store.check;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/**
 * Checks, at start, that a server that was named with {@code redis://} belongs to no Redis Cluster. Such a server
 * serves only a part of the keys, and refuses the others only when they are used.
 */
public final class KindCheck {
    private final SharedLine line;

    public KindCheck(SharedLine line) {
        this.line = line;
    }

    /** Fails with {@code store_misconfigured} if the server needs another scheme. */
    public Future<Void> run(RedisUri uri) {
        if (uri.kind() == RedisUri.Kind.CLUSTER) {
            return Future.succeededFuture();
        }
        return line.send(Request.cmd(Command.INFO).arg("cluster"))
                .map(info -> info.toString().contains("cluster_enabled:1"))
                .otherwise(false) // a user may lack the right to ask
                .compose(clustered -> clustered
                        ? Future.failedFuture(new GanglionException(
                                ErrorCode.STORE_MISCONFIGURED,
                                "redis.uri: Redis at " + uri.servers().get(0) + " belongs to a Redis Cluster; use "
                                        + scheme(uri) + " instead"))
                        : Future.succeededFuture());
    }

    private static String scheme(RedisUri uri) {
        return uri.tls() ? "rediss-cluster://" : "redis-cluster://";
    }
}
