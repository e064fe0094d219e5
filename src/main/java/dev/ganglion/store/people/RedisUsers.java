package dev.ganglion.store.people;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.auth.people.Role;
import dev.ganglion.auth.people.User;
import dev.ganglion.auth.people.UserStore;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.agent.SortedSetPages;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores users. Each user is a hash, found by id or by email; a sorted set lists the users by time of creation. */
final class RedisUsers implements UserStore {
    private static final String YES = "1";
    private static final String NO = "0";

    private final SharedLine line;

    RedisUsers(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Void> create(User user, String passwordHash) {
        return create(user, passwordHash, false);
    }

    @Override
    public Future<Void> createFirst(User user, String passwordHash) {
        return create(user, passwordHash, true);
    }

    private Future<Void> create(User user, String passwordHash, boolean first) {
        Arguments arguments = Arguments.of(Script.USER_CREATE, 3)
                .add(RedisKeys.People.user(user.id()))
                .add(RedisKeys.People.EMAILS)
                .add(RedisKeys.People.USERS)
                .add(user.id())
                .add(user.email())
                .add(user.createdAt().toEpochMilli())
                .add(first ? YES : NO);
        arguments.add("display_name").add(user.displayName() == null ? "" : user.displayName());
        arguments.add("admin").add(user.admin() ? YES : NO);
        arguments.add("disabled").add(user.disabled() ? YES : NO);
        arguments.add("roles").add(roles(user.roles()));
        arguments.add("created_at").add(user.createdAt().toEpochMilli());
        arguments.add("password").add(passwordHash);
        return line.sendDurably(arguments.request()).compose(reply -> switch (reply.toString()) {
            case "TAKEN" -> conflict("email: another user has this address, choose another one", "email");
            case "NOT_FIRST" -> conflict("a user already exists; log in, then create users with POST /users", null);
            default -> Future.succeededFuture();
        });
    }

    private static Future<Void> conflict(String message, @Nullable String field) {
        return Future.failedFuture(new GanglionException(ErrorCode.CONFLICT, message, field));
    }

    @Override
    public Future<Boolean> isEmpty() {
        return line.send(Request.cmd(Command.ZCARD).arg(RedisKeys.People.USERS)).map(reply -> reply.toInteger() == 0);
    }

    @Override
    public Future<Optional<User>> find(String id) {
        return line.send(Request.cmd(Command.HGETALL).arg(RedisKeys.People.user(id)))
                .map(reply -> read(id, HashFields.of(reply)));
    }

    @Override
    public Future<Optional<Credentials>> byEmail(String email) {
        return line.send(Request.cmd(Command.HGET).arg(RedisKeys.People.EMAILS).arg(email))
                .compose(id -> id == null ? Future.succeededFuture(Optional.empty()) : credentials(id.toString()));
    }

    private Future<Optional<Credentials>> credentials(String id) {
        return line.send(Request.cmd(Command.HGETALL).arg(RedisKeys.People.user(id)))
                .map(reply -> {
                    HashFields hash = HashFields.of(reply);
                    return read(id, hash)
                            .map(user -> new Credentials(
                                    user, hash.required("password"), Long.parseLong(hash.required("generation"))));
                });
    }

    @Override
    public Future<Page<User>> list(@Nullable String cursor, int limit) {
        return SortedSetPages.page(
                line, RedisKeys.People.USERS, cursor, limit, new SortedSetPages.Load<>(this::sizes, this::byIds));
    }

    private Future<List<Long>> sizes(List<String> ids) {
        return SizedReads.sizes(
                line,
                ids.stream()
                        .map(id -> new SizedReads.Field(RedisKeys.People.user(id), "roles"))
                        .toList(),
                1);
    }

    private Future<List<User>> byIds(List<String> ids) {
        List<Request> requests = new ArrayList<>();
        ids.forEach(id -> requests.add(Request.cmd(Command.HGETALL).arg(RedisKeys.People.user(id))));
        return line.batch(requests).map(replies -> {
            List<User> users = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                read(ids.get(i), HashFields.of(replies.get(i))).ifPresent(users::add);
            }
            return users;
        });
    }

    @Override
    public Future<Boolean> update(String id, Change change) {
        boolean endsSessions = change.passwordHash() != null || Boolean.TRUE.equals(change.disabled());
        Arguments arguments = Arguments.of(Script.USER_UPDATE, 1)
                .add(RedisKeys.People.user(id))
                .add(UUID.randomUUID().toString())
                .add(endsSessions ? YES : NO);
        if (change.displayName() != null) {
            arguments.add("display_name").add(change.displayName());
        }
        if (change.admin() != null) {
            arguments.add("admin").add(change.admin() ? YES : NO);
        }
        if (change.disabled() != null) {
            arguments.add("disabled").add(change.disabled() ? YES : NO);
        }
        if (change.roles() != null) {
            arguments.add("roles").add(roles(change.roles()));
        }
        if (change.passwordHash() != null) {
            arguments.add("password").add(change.passwordHash());
        }
        return line.sendDurably(arguments.request()).map(reply -> reply.toInteger() == 1);
    }

    @Override
    public Future<Boolean> delete(String id) {
        return line.sendDurably(Arguments.of(Script.USER_DELETE, 3)
                        .add(RedisKeys.People.user(id))
                        .add(RedisKeys.People.EMAILS)
                        .add(RedisKeys.People.USERS)
                        .add(id)
                        .request())
                .map(reply -> reply.toInteger() == 1);
    }

    private static String roles(Map<String, Role> roles) {
        JsonObject json = new JsonObject();
        roles.forEach((project, role) -> json.put(project, role.wireName()));
        return json.encode();
    }

    static Optional<User> read(String id, HashFields hash) {
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Role> roles = new LinkedHashMap<>();
        new JsonObject(hash.required("roles"))
                .forEach(each -> Role.of(String.valueOf(each.getValue())).ifPresent(role -> {
                    Role unused = roles.put(each.getKey(), role);
                }));
        String name = hash.required("display_name");
        return Optional.of(new User(
                id,
                hash.required("email"),
                name.isEmpty() ? null : name,
                hash.required("admin").equals(YES),
                hash.required("disabled").equals(YES),
                roles,
                Instant.ofEpochMilli(Long.parseLong(hash.required("created_at"))),
                hash.time("last_login_at")));
    }
}
