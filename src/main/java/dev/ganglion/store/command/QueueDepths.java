package dev.ganglion.store.command;

import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads queue depths from the last heartbeats of an agent's live worker processes. The newest heartbeat that reports
 * the queue wins.
 */
final class QueueDepths {
    private QueueDepths() {}

    static Future<OptionalLong> read(
            SharedLine line, RedisKeys.Shard keys, String agentId, String engine, String queue) {
        return line.batch(List.of(
                        Request.cmd(Command.TIME),
                        Request.cmd(Command.HGETALL).arg(keys.slots(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.polls(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.heartbeats(agentId))))
                .map(replies -> {
                    Instant now = Instant.ofEpochSecond(replies.get(0).get(0).toLong());
                    Map<String, String> beats = HashFields.of(replies.get(3)).fields();
                    List<LiveSession> live = new ArrayList<>(live("w:", HashFields.of(replies.get(1)), now));
                    live.addAll(live("p:", HashFields.of(replies.get(2)), now));
                    live.sort(NEWEST_FIRST);
                    return live.stream()
                            .map(session -> depth(beats.get(session.field()), engine, queue))
                            .filter(OptionalLong::isPresent)
                            .findFirst()
                            .orElse(OptionalLong.empty());
                });
    }

    /** A live session and the field that stores its last heartbeat. */
    private record LiveSession(String field, Slot slot) {}

    private static final Comparator<LiveSession> NEWEST_FIRST = Comparator.comparing(
                    (LiveSession session) -> session.slot().seenAt())
            .reversed()
            .thenComparing(LiveSession::field);

    private static List<LiveSession> live(String kind, HashFields sessions, Instant now) {
        List<LiveSession> live = new ArrayList<>();
        sessions.fields().forEach((worker, text) -> {
            Slot slot = Slot.parse(text);
            if (slot.leaseEnd().isAfter(now)) {
                live.add(new LiveSession(kind + worker, slot));
            }
        });
        return live;
    }

    /**
     * Returns the depth of a queue from a heartbeat. Agents may send anything in a heartbeat, so a value that is not an
     * integer counts as no depth.
     */
    private static OptionalLong depth(@Nullable String beat, String engine, String queue) {
        try {
            JsonObject health = beat == null ? null : new JsonObject(beat).getJsonObject("adapter_health");
            String depths = health == null ? null : health.getString(engine + ".queue_depths");
            Object depth = depths == null ? null : new JsonObject(depths).getValue(queue);
            return depth instanceof Integer || depth instanceof Long
                    ? OptionalLong.of(((Number) depth).longValue())
                    : OptionalLong.empty();
        } catch (DecodeException notJson) {
            return OptionalLong.empty();
        }
    }
}
