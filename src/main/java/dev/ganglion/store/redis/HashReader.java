package dev.ganglion.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a hash of bounded size in chunks, so that other calls on the connection do not have to wait for the whole hash.
 */
public final class HashReader {
    private static final int CHUNK = 200;

    private final SharedLine line;

    public HashReader(SharedLine line) {
        this.line = line;
    }

    public Future<Map<String, String>> all(String key) {
        return from(key, "0", new HashMap<>());
    }

    private Future<Map<String, String>> from(String key, String cursor, Map<String, String> found) {
        return line.send(Request.cmd(Command.HSCAN)
                        .arg(key)
                        .arg(cursor)
                        .arg("COUNT")
                        .arg(CHUNK))
                .compose(reply -> {
                    Response pairs = reply.get(1);
                    for (int i = 0; i + 1 < pairs.size(); i += 2) {
                        found.put(
                                pairs.get(i).toString(StandardCharsets.UTF_8),
                                pairs.get(i + 1).toString(StandardCharsets.UTF_8));
                    }
                    String next = reply.get(0).toString();
                    return next.equals("0") ? Future.succeededFuture(found) : from(key, next, found);
                });
    }
}
