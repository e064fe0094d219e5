package dev.ganglion.store.agent;

import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.Project;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives an agent a new token and lets its earlier tokens expire.
 *
 * <p>A token is a key that leads to its agent, so the token expires with the key, by the clock of Redis. The new token
 * is written before any earlier one ends, so an interrupted rotation locks no agent out. Only tokens that existed when
 * the rotation began expire. Therefore, of two concurrent rotations, neither ends the token of the other.
 */
final class TokenRotation {
    private static final int GONE = -2;

    private final SharedLine line;

    TokenRotation(SharedLine line) {
        this.line = line;
    }

    Future<Optional<Instant>> rotate(Project project, String agentId, String tokenHash, Duration overlap) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(project.id(), project.shardOf(agentId));
        return line.batch(List.of(
                        Request.cmd(Command.EXISTS).arg(shard.agent(agentId)),
                        Request.cmd(Command.SMEMBERS).arg(shard.tokens(agentId))))
                .compose(replies -> {
                    if (replies.get(0).toInteger() == 0) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    return valid(shard.tokens(agentId), Replies.texts(replies.get(1)))
                            .compose(before -> {
                                if (before.size() >= AgentStore.MAX_TOKENS && !overlap.isZero()) {
                                    return Future.failedFuture(tooMany());
                                }
                                return add(shard, agentId, tokenHash, project.id() + "|" + agentId)
                                        .compose(added -> added
                                                ? end(before, overlap)
                                                : Future.succeededFuture(Optional.<Instant>empty()));
                            });
                });
    }

    private static GanglionException tooMany() {
        return new GanglionException(
                ErrorCode.CONFLICT,
                "overlap_seconds: this agent already has " + AgentStore.MAX_TOKENS
                        + " valid tokens; wait until one expires, or send 0 to end all of them now",
                "overlap_seconds");
    }

    /** Returns the agent's tokens that have not expired, and removes the others from the set. */
    private Future<List<String>> valid(String set, List<String> hashes) {
        List<Request> requests = new ArrayList<>();
        hashes.forEach(hash -> requests.add(Request.cmd(Command.PTTL).arg(RedisKeys.token(hash))));
        return line.batch(requests).compose(left -> {
            List<String> valid = new ArrayList<>();
            List<Request> forget = new ArrayList<>();
            for (int i = 0; i < hashes.size(); i++) {
                if (left.get(i).toLong() == GONE) {
                    forget.add(Request.cmd(Command.SREM).arg(set).arg(hashes.get(i)));
                } else {
                    valid.add(hashes.get(i));
                }
            }
            return line.batch(forget).map(valid);
        });
    }

    /**
     * Checks the agent's record after the token was written. If the agent was deleted meanwhile, the token is removed
     * again.
     */
    private Future<Boolean> add(RedisKeys.Shard shard, String agentId, String tokenHash, String owner) {
        return line.batch(List.of(
                        Request.cmd(Command.SADD).arg(shard.tokens(agentId)).arg(tokenHash),
                        Request.cmd(Command.SET).arg(RedisKeys.token(tokenHash)).arg(owner)))
                .compose(done -> line.send(Request.cmd(Command.EXISTS).arg(shard.agent(agentId))))
                .compose(known -> known.toInteger() == 1
                        ? Future.succeededFuture(true)
                        : line.batch(List.of(
                                        Request.cmd(Command.DEL).arg(RedisKeys.token(tokenHash)),
                                        Request.cmd(Command.DEL).arg(shard.tokens(agentId))))
                                .map(false));
    }

    private Future<Optional<Instant>> end(List<String> hashes, Duration overlap) {
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.TIME));
        for (String hash : hashes) {
            requests.add(Arguments.of(Script.TOKEN_END, 1)
                    .add(RedisKeys.token(hash))
                    .add(overlap.toMillis())
                    .request());
        }
        return line.batch(requests).map(replies -> {
            long left = 0;
            for (Response reply : replies.subList(1, replies.size())) {
                left = Math.max(left, reply.toLong());
            }
            Response time = replies.get(0);
            return Optional.of(Instant.ofEpochSecond(time.get(0).toLong())
                    .plusMillis(time.get(1).toLong() / 1_000 + left));
        });
    }
}
