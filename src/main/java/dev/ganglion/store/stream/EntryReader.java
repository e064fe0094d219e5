package dev.ganglion.store.stream;

import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Optional;

/** Reads single entries of the event streams. */
public final class EntryReader {
    private final SharedLine line;

    /** Names an entry of the stream of a shard. */
    public record Entry(RedisKeys.Shard shard, String id) {}

    public EntryReader(SharedLine line) {
        this.line = line;
    }

    /** Returns the events of an entry as a canonical array; empty if the entry or its payload was deleted. */
    public Future<Optional<Json>> events(Entry wanted) {
        return line.send(Request.cmd(Command.XRANGE)
                        .arg(wanted.shard().events())
                        .arg(wanted.id())
                        .arg(wanted.id()))
                .compose(reply -> {
                    if (reply.size() == 0) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    StreamEntry entry = StreamEntry.of(reply.get(0));
                    String key = entry.payloadKey();
                    return key == null
                            ? Future.succeededFuture(Optional.ofNullable(entry.events()))
                            : line.send(Request.cmd(Command.GET).arg(key))
                                    .map(payload -> payload == null
                                            ? Optional.<Json>empty()
                                            : Optional.ofNullable(entry.with(payload.toBuffer())
                                                    .events()));
                });
    }
}
