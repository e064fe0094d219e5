package dev.ganglion.store.guard;

import dev.ganglion.config.value.Durability;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.StoreCheck.Masters;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks that every server still keeps writes as {@code redis.durability} promises. A server whose settings the brain
 * may not read counts as durable, as at the start of the node.
 */
final class DurabilityCheck {
    private static final Pattern REWRITES = Pattern.compile("(?m)^aof_rewrite_(in_progress|scheduled):1");
    private static final Pattern REWRITE_FAILED = Pattern.compile("(?m)^aof_last_bgrewrite_status:err");

    private final Durability durability;

    DurabilityCheck(Durability durability) {
        this.durability = durability;
    }

    /**
     * A server that does not keep its writes.
     *
     * @param server address of the server; empty for a single server
     * @param detail what is wrong, and the remedy
     */
    record Lack(String server, String detail) {}

    /**
     * Returns the first server that does not keep writes as promised.
     *
     * @param lacked whether the last check found such a server. After {@code appendonly} was turned on again, earlier
     *     writes are safe only once Redis has rewritten its file
     */
    Future<Optional<Lack>> run(Masters masters, boolean lacked) {
        return masters.each(() -> Request.cmd(Command.CONFIG).arg("GET").arg("append*"))
                .map(replies -> replies.stream().map(HashFields::of).toList())
                .otherwise(List.of())
                .map(settings -> lack(masters, settings))
                .compose(lack -> lack.isPresent() || !lacked
                        ? Future.succeededFuture(lack)
                        : masters.each(() -> Request.cmd(Command.INFO).arg("persistence"))
                                .map(replies -> replies.stream()
                                        .map(reply -> reply.toString(StandardCharsets.UTF_8))
                                        .toList())
                                .otherwise(List.of())
                                .map(reports -> unfinished(masters, reports)));
    }

    private Optional<Lack> lack(Masters masters, List<HashFields> settings) {
        for (int server = 0; server < settings.size(); server++) {
            Map<String, String> found = settings.get(server).fields();
            String appendOnly = found.get("appendonly");
            String fsync = found.get("appendfsync");
            if (!found.isEmpty() && !durability.isKeptBy(appendOnly, fsync)) {
                return Optional.of(new Lack(
                        masters.address(server),
                        "now has appendonly " + appendOnly + " and appendfsync " + fsync
                                + ", less than redis.durability promises, so acked events could be lost; set appendonly"
                                + " yes and appendfsync " + durability.fsync() + " with CONFIG SET and in redis.conf"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Lack> unfinished(Masters masters, List<String> reports) {
        for (int server = 0; server < reports.size(); server++) {
            if (REWRITES.matcher(reports.get(server)).find()) {
                return Optional.of(
                        new Lack(masters.address(server), "is still writing its append-only file; wait until it has"));
            }
            if (REWRITE_FAILED.matcher(reports.get(server)).find()) {
                return Optional.of(new Lack(
                        masters.address(server),
                        "could not rewrite its append-only file; see its log, and run BGREWRITEAOF"));
            }
        }
        return Optional.empty();
    }
}
