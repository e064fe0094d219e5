package dev.ganglion.store.guard;

import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks once, at start, that the Redis settings keep the promise of an ack: acknowledged events are durable. */
public final class RedisCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCheck.class);

    private final SharedLine line;
    private final @Nullable RedisUri uri;

    public RedisCheck(SharedLine line) {
        this(line, null);
    }

    /**
     * Creates a check whose messages name the server.
     *
     * @param uri configured address
     */
    public RedisCheck(SharedLine line, @Nullable RedisUri uri) {
        this.line = line;
        this.uri = uri;
    }

    private String server(Map<String, String> settings) {
        if (uri != null && uri.kind() == RedisUri.Kind.SERVER) {
            return "Redis at " + uri.servers().get(0);
        }
        String port = settings.getOrDefault("tls-port", "0").equals("0")
                ? settings.getOrDefault("port", "?")
                : settings.get("tls-port");
        return "the Redis server on port " + port;
    }

    /** Fails with {@code store_misconfigured} if the server could lose acknowledged events. */
    public Future<Void> run(Durability durability) {
        return settings().map(settings -> {
            settings.forEach(each -> check(durability, each));
            return null;
        });
    }

    /** Reads the settings of every server that takes writes. */
    private Future<List<HashFields>> settings() {
        return line.each(() -> Request.cmd(Command.CONFIG).arg("GET").arg("*"))
                .map(replies -> replies.stream().map(HashFields::of).toList())
                .recover(refused -> {
                    LOG.warn("Cannot read the settings of Redis; make sure that Redis has appendonly yes, the"
                            + " appendfsync of redis.durability, and maxmemory-policy noeviction");
                    return Future.succeededFuture(List.of());
                });
    }

    private void check(Durability durability, HashFields settings) {
        Map<String, String> found = settings.fields();
        String fsync = found.get("appendfsync");
        if (!durability.isKeptBy(found.get("appendonly"), fsync)) {
            String wanted = durability.fsync();
            throw new GanglionException(
                    ErrorCode.STORE_MISCONFIGURED,
                    "redis.durability is " + wanted + ", but " + server(found) + " has appendonly "
                            + found.get("appendonly")
                            + " and appendfsync " + fsync + ": set appendonly yes and appendfsync " + wanted
                            + " in redis.conf (see conf/redis.conf)");
        }
        if (!"noeviction".equals(found.get("maxmemory-policy"))) {
            LOG.atWarn()
                    .addKeyValue("server", server(found))
                    .addKeyValue("policy", found.get("maxmemory-policy"))
                    .log("Redis may evict acknowledged events when memory is full; set maxmemory-policy noeviction");
        }
    }
}
