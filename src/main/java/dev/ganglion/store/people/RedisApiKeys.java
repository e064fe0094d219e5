package dev.ganglion.store.people;

import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.auth.people.ApiKey;
import dev.ganglion.auth.people.ApiKeyStore;
import dev.ganglion.auth.people.Role;
import dev.ganglion.store.agent.SortedSetPages;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
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
 * Stores API keys. Each key has a Redis hash, named by the hash of the API key; a sorted set lists the keys by time of
 * creation.
 */
final class RedisApiKeys implements ApiKeyStore {
    /** Least time between two records of a use, in milliseconds. */
    private static final long USE_INTERVAL_MS = 60_000;

    private final SharedLine line;

    RedisApiKeys(SharedLine line) {
        this.line = line;
    }

    /** Writes the key itself last, so that every valid key is also listed. */
    @Override
    public Future<Void> create(ApiKey key, String keyHash) {
        return line.sendDurably(List.of(
                        Request.cmd(Command.HSET)
                                .arg(RedisKeys.People.API_KEY_HASHES)
                                .arg(key.id())
                                .arg(keyHash),
                        Request.cmd(Command.ZADD)
                                .arg(RedisKeys.People.API_KEYS)
                                .arg(key.createdAt().toEpochMilli())
                                .arg(key.id()),
                        write(key, keyHash)))
                .mapEmpty();
    }

    private static Request write(ApiKey key, String keyHash) {
        Arguments fields = Arguments.of(Command.HSET).add(RedisKeys.People.apiKey(keyHash));
        fields.add("id").add(key.id());
        fields.add("name").add(key.name());
        fields.add("role").add(key.grant().role().wireName());
        fields.add("project_id").add(Objects.requireNonNullElse(key.grant().projectId(), ""));
        fields.add("prefix").add(key.prefix());
        fields.add("created_at").add(key.createdAt().toEpochMilli());
        fields.add("created_by").add(key.createdBy());
        fields.add("expires_at")
                .add(key.expiresAt() == null ? "" : "" + key.expiresAt().toEpochMilli());
        fields.add("last_used_at").add("");
        return fields.request();
    }

    @Override
    public Future<Optional<ApiKey>> use(String keyHash) {
        return line.send(Arguments.of(Script.API_KEY_USE, 1)
                        .add(RedisKeys.People.apiKey(keyHash))
                        .add(USE_INTERVAL_MS)
                        .request())
                .compose(reply -> reply == null
                        ? line.sameStore().map(Optional.empty())
                        : Future.succeededFuture(read(HashFields.of(reply))));
    }

    @Override
    public Future<Page<ApiKey>> list(@Nullable String cursor, int limit) {
        return SortedSetPages.page(line, RedisKeys.People.API_KEYS, cursor, limit, this::byIds);
    }

    private Future<List<ApiKey>> byIds(List<String> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Arguments wanted = Arguments.of(Command.HMGET).add(RedisKeys.People.API_KEY_HASHES);
        ids.forEach(wanted::add);
        return line.send(wanted.request()).compose(hashes -> {
            List<Request> requests = new ArrayList<>();
            for (Response hash : hashes) {
                if (hash != null) {
                    requests.add(Request.cmd(Command.HGETALL).arg(RedisKeys.People.apiKey(hash.toString())));
                }
            }
            return line.batch(requests).map(replies -> {
                List<ApiKey> keys = new ArrayList<>();
                replies.forEach(reply -> read(HashFields.of(reply)).ifPresent(keys::add));
                return keys;
            });
        });
    }

    @Override
    public Future<Boolean> delete(String id) {
        return line.send(Request.cmd(Command.HGET)
                        .arg(RedisKeys.People.API_KEY_HASHES)
                        .arg(id))
                .compose(hash -> hash == null
                        ? Future.succeededFuture(false)
                        : line.sendDurably(List.of(
                                        Request.cmd(Command.DEL).arg(RedisKeys.People.apiKey(hash.toString())),
                                        Request.cmd(Command.ZREM)
                                                .arg(RedisKeys.People.API_KEYS)
                                                .arg(id),
                                        Request.cmd(Command.HDEL)
                                                .arg(RedisKeys.People.API_KEY_HASHES)
                                                .arg(id)))
                                .map(true));
    }

    private static Optional<ApiKey> read(HashFields hash) {
        Role role = Role.of(hash.isEmpty() ? "" : hash.required("role")).orElse(null);
        if (role == null) {
            return Optional.empty();
        }
        String project = hash.required("project_id");
        return Optional.of(new ApiKey(
                hash.required("id"),
                hash.required("name"),
                hash.required("prefix"),
                new ApiKey.Grant(role, project.isEmpty() ? null : project),
                Instant.ofEpochMilli(Long.parseLong(hash.required("created_at"))),
                hash.required("created_by"),
                hash.time("expires_at"),
                hash.time("last_used_at")));
    }
}
