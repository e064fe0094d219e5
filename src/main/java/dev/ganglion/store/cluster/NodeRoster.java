package dev.ganglion.store.cluster;

import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.cluster.NodeStore;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Registers live nodes in Redis. Each node renews its own key, which expires {@link #TTL_MS} milliseconds after the
 * last renewal.
 */
public final class NodeRoster implements NodeStore {
    /** Time that the record of a killed node remains, in milliseconds. */
    public static final long TTL_MS = 10_000;

    private static final int MICROS_PER_MILLI = 1_000;

    private final SharedLine line;

    public NodeRoster(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Renewal> renew(NodeRecord self) {
        return line.batch(List.of(
                        // Nodes must not lose each other because Redis is full.
                        Arguments.evenIfFull(Command.SET, RedisKeys.node(self.id()))
                                .add(self.encode())
                                .add("PX")
                                .add(TTL_MS)
                                .add("GET")
                                .request(),
                        Arguments.evenIfFull(Command.SADD, RedisKeys.NODES)
                                .add(self.id())
                                .request(),
                        Request.cmd(Command.SMEMBERS).arg(RedisKeys.NODES),
                        Request.cmd(Command.TIME)))
                .compose(replies -> renewal(self, replies.get(2), replies.get(0) != null, time(replies.get(3))));
    }

    private static Instant time(Response time) {
        return Instant.ofEpochSecond(time.get(0).toLong(), time.get(1).toLong() * MICROS_PER_MILLI);
    }

    private Future<Renewal> renewal(NodeRecord self, Response members, boolean known, Instant time) {
        List<String> others = new ArrayList<>();
        members.forEach(member -> {
            if (!member.toString().equals(self.id())) {
                others.add(member.toString());
            }
        });
        List<NodeRecord> found = new ArrayList<>(List.of(self));
        if (others.isEmpty()) {
            return Future.succeededFuture(new Renewal(found, known, time));
        }
        List<Request> requests = new ArrayList<>();
        others.forEach(other -> requests.add(Request.cmd(Command.GET).arg(RedisKeys.node(other))));
        return line.batch(requests).compose(replies -> {
            List<Request> forget = new ArrayList<>();
            for (int i = 0; i < others.size(); i++) {
                if (replies.get(i) != null) {
                    found.add(NodeRecord.decode(others.get(i), replies.get(i).toString(StandardCharsets.UTF_8)));
                } else {
                    forget.add(Request.cmd(Command.SREM).arg(RedisKeys.NODES).arg(others.get(i)));
                }
            }
            Renewal renewal = new Renewal(found, known, time);
            return forget.isEmpty()
                    ? Future.succeededFuture(renewal)
                    : line.batch(forget).map(renewal);
        });
    }

    /** Reads the records of all live nodes. */
    public Future<List<NodeRecord>> live() {
        return line.send(Request.cmd(Command.SMEMBERS).arg(RedisKeys.NODES)).compose(members -> {
            List<String> ids = Replies.texts(members);
            return line.batch(ids.stream()
                            .map(id -> Request.cmd(Command.GET).arg(RedisKeys.node(id)))
                            .toList())
                    .map(records -> {
                        List<NodeRecord> live = new ArrayList<>();
                        for (int i = 0; i < ids.size(); i++) {
                            if (records.get(i) != null) {
                                live.add(NodeRecord.decode(
                                        ids.get(i), records.get(i).toString(StandardCharsets.UTF_8)));
                            }
                        }
                        return live;
                    });
        });
    }

    @Override
    public Future<Void> leave(String id) {
        return line.batch(List.of(
                        Request.cmd(Command.DEL).arg(RedisKeys.node(id)),
                        Request.cmd(Command.SREM).arg(RedisKeys.NODES).arg(id)))
                .mapEmpty();
    }

    @Override
    public Future<String> identity() {
        Request read = Request.cmd(Command.GET).arg(RedisKeys.IDENTITY);
        return line.send(read)
                .compose(known -> known != null // a full Redis refuses SET NX even if the key exists
                        ? Future.succeededFuture(known.toString())
                        : line.batch(List.of(
                                        Request.cmd(Command.SET)
                                                .arg(RedisKeys.IDENTITY)
                                                .arg(UUID.randomUUID().toString())
                                                .arg("NX"),
                                        Request.cmd(Command.GET).arg(RedisKeys.IDENTITY)))
                                .map(replies -> replies.get(1).toString()));
    }
}
