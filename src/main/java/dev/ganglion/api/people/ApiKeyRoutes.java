package dev.ganglion.api.people;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RestTimes;
import dev.ganglion.auth.TokenHash;
import dev.ganglion.auth.people.ApiKey;
import dev.ganglion.auth.people.ApiKeyStore;
import dev.ganglion.auth.people.Role;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** REST operations for API keys. */
final class ApiKeyRoutes {
    private final ApiKeyStore keys;
    private final ProjectSlugs slugs;
    private final NodeBus nodes;
    private final Clock clock;

    ApiKeyRoutes(ApiKeyStore keys, ProjectSlugs slugs, NodeBus nodes, Clock clock) {
        this.nodes = nodes;
        this.keys = keys;
        this.slugs = slugs;
        this.clock = clock;
    }

    void addTo(Operations operations) {
        operations.addPage("listApiKeys", this::list);
        operations.add("createApiKey", this::create);
        operations.add("deleteApiKey", this::delete);
    }

    private Future<Reply> list(Call call) {
        return keys.list(call.cursor(), call.limit())
                .compose(page -> slugs.of(page.items().stream()
                                .map(key -> key.grant().projectId())
                                .filter(Objects::nonNull)
                                .collect(Collectors.toSet()))
                        .map(names ->
                                Reply.page(page.items(), page.nextCursor(), key -> PeopleJson.apiKey(key, names))));
    }

    private Future<Reply> create(Call call) {
        JsonObject body = call.body();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant expires = RestTimes.parse(body.getString("expires_at"), "expires_at");
        if (expires != null && !expires.isAfter(now)) {
            throw new GanglionException(ErrorCode.VALIDATION_FAILED, "expires_at: must be in the future", "expires_at");
        }
        String slug = body.getString("project");
        return project(slug).compose(projectId -> {
            String text = KeyDerivation.newApiKey();
            ApiKey key = new ApiKey(
                    UUID.randomUUID().toString(),
                    body.getString("name"),
                    text.substring(0, ApiKey.PREFIX_CHARS),
                    new ApiKey.Grant(Role.of(body.getString("role")).orElseThrow(), projectId),
                    now,
                    call.principal().name(),
                    expires,
                    null);
            call.subject(key.id());
            Map<String, String> names = projectId == null ? Map.of() : Map.of(projectId, slug);
            return keys.create(key, TokenHash.of(text))
                    .map(stored -> Reply.created(PeopleJson.apiKey(key, names).put("key", text)));
        });
    }

    private Future<@Nullable String> project(@Nullable String slug) {
        return slug == null
                ? Future.succeededFuture(null)
                : slugs.id(slug, "project").map(id -> id);
    }

    private Future<Reply> delete(Call call) {
        return keys.delete(call.path("id")).map(known -> {
            if (!known) {
                throw new GanglionException(ErrorCode.NOT_FOUND, "no API key has this id", "id");
            }
            SessionRoutes.notifyChanged(nodes, call.path("id"));
            return Reply.noContent();
        });
    }
}
