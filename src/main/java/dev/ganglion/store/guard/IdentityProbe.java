package dev.ganglion.store.guard;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.StoreCheck.Masters;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether every server behind a connection holds data of one store. */
final class IdentityProbe {
    /**
     * What a look found.
     *
     * @param other identity that is stored in place of the expected one; empty if the store has lost its identity
     * @param server address of the server that lacks the expected identity; empty for a single server
     */
    record Difference(Optional<String> other, String server) {}

    /** A key that was read; it is unknown while Redis moves its slot. */
    private record Value(boolean known, @Nullable String text) {
        static final Value UNKNOWN = new Value(false, null);

        boolean differsFrom(String expected) {
            return known && !expected.equals(text);
        }
    }

    private IdentityProbe() {}

    /** Compares the identity and a mark of each server with the expected identity. Empty means: no difference. */
    static Future<Optional<Difference>> compare(Masters masters, String expected) {
        Future<Value> identity = read(masters, RedisKeys.IDENTITY);
        List<Future<Value>> marks = new ArrayList<>();
        List<Integer> servers = new ArrayList<>();
        List<List<String>> keys = Marks.perServer(masters);
        for (int server = 0; server < keys.size(); server++) {
            for (String key : keys.get(server)) {
                marks.add(read(masters, key));
                servers.add(server);
            }
        }
        List<Future<Value>> all = new ArrayList<>(marks);
        all.add(identity);
        return Future.all(all).map(done -> {
            for (int i = 0; i < marks.size(); i++) {
                Value mark = marks.get(i).result();
                if (mark.differsFrom(expected)) {
                    return Optional.of(difference(identity.result(), mark, expected, masters.address(servers.get(i))));
                }
            }
            return identity.result().differsFrom(expected)
                    ? Optional.of(
                            new Difference(Optional.ofNullable(identity.result().text()), ""))
                    : Optional.empty();
        });
    }

    /** The identity names the other store; without it, the mark of the server does. */
    private static Difference difference(Value identity, Value mark, String expected, String server) {
        String other = identity.differsFrom(expected) ? identity.text() : mark.text();
        return new Difference(Optional.ofNullable(other), server);
    }

    private static Future<Value> read(Masters masters, String key) {
        return masters.send(Request.cmd(Command.GET).arg(key))
                .map(IdentityProbe::value)
                .recover(failure -> Masters.slotMigrating(failure)
                        ? Future.succeededFuture(Value.UNKNOWN)
                        : Future.failedFuture(failure));
    }

    private static Value value(@Nullable Response reply) {
        return new Value(true, reply == null ? null : reply.toString());
    }
}
