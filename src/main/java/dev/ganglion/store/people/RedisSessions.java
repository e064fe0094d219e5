package dev.ganglion.store.people;

import dev.ganglion.auth.people.LoginSession;
import dev.ganglion.auth.people.SessionStore;
import dev.ganglion.config.AuthConfig;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores login sessions. Each session is a hash, named by the hash of its token, that Redis drops when the session
 * expires. A set per user lists the sessions, with members {@code id|token hash}.
 */
final class RedisSessions implements SessionStore {
    /** Least time between two records of a use, in milliseconds. */
    private static final long USE_INTERVAL_MS = 60_000;
    /**
     * Divisor of the idle time. A use of the session is recorded once this share of the idle time has passed since the
     * last record, or earlier.
     */
    private static final int IDLE_PARTS = 4;

    private final SharedLine line;
    private final AuthConfig config;

    RedisSessions(SharedLine line, AuthConfig config) {
        this.line = line;
        this.config = config;
    }

    @Override
    public Future<Optional<LoginSession>> open(Opening opening) {
        Arguments arguments = Arguments.of(Script.SESSION_OPEN, 3)
                .add(RedisKeys.People.session(opening.tokenHash()))
                .add(RedisKeys.People.sessions(opening.userId()))
                .add(RedisKeys.People.user(opening.userId()))
                .add(opening.generation())
                .add(opening.id())
                .add(opening.tokenHash())
                .add(config.sessionTtl().toMillis())
                .add(config.sessionIdle().toMillis())
                .add(MAX_SESSIONS)
                .add(RedisKeys.People.SESSION_PREFIX);
        arguments.add("user_id").add(opening.userId());
        arguments.add("origin").add(Objects.requireNonNullElse(opening.origin(), ""));
        arguments.add("address").add(opening.address());
        arguments.add("user_agent").add(Objects.requireNonNullElse(opening.userAgent(), ""));
        return line.sendDurably(arguments.request())
                .map(reply -> reply == null ? Optional.empty() : Optional.of(read(HashFields.of(reply))));
    }

    @Override
    public Future<Optional<Found>> find(String tokenHash, boolean use) {
        long idle = config.sessionIdle().toMillis();
        return line.send(Arguments.of(Script.SESSION_FIND, 1)
                        .add(RedisKeys.People.session(tokenHash))
                        .add(RedisKeys.People.USER_PREFIX)
                        .add(idle)
                        .add(use ? "1" : "0")
                        .add(Math.min(USE_INTERVAL_MS, idle / IDLE_PARTS))
                        .request())
                .compose(reply ->
                        reply == null ? line.sameStore().map(Optional.empty()) : Future.succeededFuture(found(reply)));
    }

    private static Optional<Found> found(Response reply) {
        LoginSession session = read(HashFields.of(reply.get(0)));
        return RedisUsers.read(session.userId(), HashFields.of(reply.get(1))).map(user -> new Found(session, user));
    }

    @Override
    public Future<List<LoginSession>> list(String userId) {
        return members(userId).compose(members -> {
            List<Request> requests = new ArrayList<>();
            members.forEach(member -> requests.add(Request.cmd(Command.HGETALL).arg(member.key())));
            return line.batch(requests).map(replies -> {
                List<LoginSession> sessions = new ArrayList<>();
                for (Response reply : replies) {
                    HashFields hash = HashFields.of(reply);
                    if (!hash.isEmpty()) {
                        sessions.add(read(hash));
                    }
                }
                return sessions;
            });
        });
    }

    @Override
    public Future<Boolean> end(String userId, String sessionId) {
        return members(userId)
                .compose(members -> end(
                                userId,
                                members.stream()
                                        .filter(member -> member.id().equals(sessionId))
                                        .toList())
                        .map(ended -> !ended.isEmpty()));
    }

    @Override
    public Future<List<String>> endAll(String userId) {
        return members(userId).compose(members -> end(userId, members));
    }

    private Future<List<String>> end(String userId, List<Member> members) {
        List<Request> requests = new ArrayList<>();
        for (Member member : members) {
            requests.add(Request.cmd(Command.DEL).arg(member.key()));
            requests.add(Request.cmd(Command.ZREM)
                    .arg(RedisKeys.People.sessions(userId))
                    .arg(member.id() + "|" + member.tokenHash()));
        }
        return line.sendDurably(requests).map(replies -> {
            List<String> ended = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (replies.get(2 * i).toInteger() == 1) {
                    ended.add(members.get(i).id());
                }
            }
            return ended;
        });
    }

    private record Member(String id, String tokenHash) {
        String key() {
            return RedisKeys.People.session(tokenHash);
        }
    }

    private Future<List<Member>> members(String userId) {
        return line.send(Request.cmd(Command.ZRANGE)
                        .arg(RedisKeys.People.sessions(userId))
                        .arg(0)
                        .arg(-1)
                        .arg("REV"))
                .map(reply -> Replies.texts(reply).stream()
                        .map(member -> member.split("\\|", -1))
                        .map(parts -> new Member(parts[0], parts[1]))
                        .toList());
    }

    private static LoginSession read(HashFields hash) {
        return new LoginSession(
                hash.required("id"),
                hash.required("user_id"),
                orNull(hash.required("origin")),
                hash.required("address"),
                orNull(hash.required("user_agent")),
                time(hash, "created_at"),
                time(hash, "seen_at"),
                time(hash, "expires_at"));
    }

    private static Instant time(HashFields hash, String field) {
        return Instant.ofEpochMilli(Long.parseLong(hash.required(field)));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
