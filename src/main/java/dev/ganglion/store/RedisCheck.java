package dev.ganglion.store;

import dev.ganglion.config.Durability;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the server keeps what an ack promises; asked once at start. */
final class RedisCheck {
    /** Version of the layout of the keys; this brain also works on the one before. */
    static final int SCHEMA = 1;

    /** Versions run side by side with the one before and the one after. */
    private static final Set<String> WORKS_ON =
            Set.of(String.valueOf(SCHEMA - 1), String.valueOf(SCHEMA), String.valueOf(SCHEMA + 1));

    private static final Logger LOG = LoggerFactory.getLogger(RedisCheck.class);

    private final SharedLine line;

    RedisCheck(SharedLine line) {
        this.line = line;
    }

    /** Fails with {@code store_misconfigured} when the server would lose what is acked, or holds a newer layout. */
    Future<Void> run(Durability durability) {
        return schema().compose(done -> settings()).map(settings -> {
            settings.forEach(each -> check(durability, each));
            return null;
        });
    }

    private Future<Void> schema() {
        return line.send(Request.cmd(Command.SET).arg(Keys.SCHEMA).arg(SCHEMA).arg("NX"))
                .compose(set -> line.send(Request.cmd(Command.GET).arg(Keys.SCHEMA)))
                .map(version -> {
                    String found = version.toString();
                    if (!WORKS_ON.contains(found)) {
                        throw new GanglionException(
                                ErrorCode.STORE_MISCONFIGURED,
                                "this Redis holds data of layout " + found + " (key " + Keys.SCHEMA
                                        + "), this brain works on " + SCHEMA
                                        + "; use a brain of the version that wrote it");
                    }
                    return null;
                });
    }

    /** Of every server that takes writes. */
    private Future<List<Hash>> settings() {
        return line.each(() -> Request.cmd(Command.CONFIG).arg("GET").arg("*"))
                .map(replies -> replies.stream().map(Hash::of).toList())
                .recover(refused -> {
                    LOG.warn("Redis does not let its settings be read; make sure that it has appendonly yes, the"
                            + " appendfsync of redis.durability, and maxmemory-policy noeviction");
                    return Future.succeededFuture(List.of());
                });
    }

    private static void check(Durability durability, Hash settings) {
        Map<String, String> found = settings.fields();
        String fsync = found.get("appendfsync");
        boolean appends = "yes".equals(found.get("appendonly"));
        boolean enough = "always".equals(fsync) || (durability == Durability.EVERYSEC && "everysec".equals(fsync));
        if (!appends || !enough) {
            String wanted = durability == Durability.ALWAYS ? "always" : "everysec";
            throw new GanglionException(
                    ErrorCode.STORE_MISCONFIGURED,
                    "redis.durability is " + wanted + ", but Redis has appendonly " + found.get("appendonly")
                            + " and appendfsync " + fsync + ": set appendonly yes and appendfsync " + wanted
                            + " there (conf/redis.conf has both)");
        }
        if (!"noeviction".equals(found.get("maxmemory-policy"))) {
            LOG.atWarn()
                    .addKeyValue("policy", found.get("maxmemory-policy"))
                    .log("Redis may evict what was acked when its memory is full: set maxmemory-policy noeviction");
        }
    }
}
