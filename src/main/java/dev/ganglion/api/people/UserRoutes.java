package dev.ganglion.api.people;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RequestSource;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.auth.people.Role;
import dev.ganglion.auth.people.User;
import dev.ganglion.auth.people.UserStore;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** REST operations for users. */
final class UserRoutes {
    private final PeopleServices.Logins logins;
    private final ProjectSlugs slugs;
    private final RequestSource source;
    private final NodeBus nodes;
    private final Clock clock;

    UserRoutes(PeopleServices.Logins logins, ProjectSlugs slugs, RequestSource source, NodeBus nodes, Clock clock) {
        this.logins = logins;
        this.slugs = slugs;
        this.source = source;
        this.nodes = nodes;
        this.clock = clock;
    }

    void addTo(Operations operations) {
        operations.add("getSetup", this::setupNeeded);
        operations.add("setUp", this::setup);
        operations.add("changePassword", this::changePassword);
        operations.addPage("listUsers", this::list);
        operations.add("createUser", this::create);
        operations.add("getUser", this::get);
        operations.add("updateUser", this::update);
        operations.add("deleteUser", this::delete);
    }

    private Future<Reply> setupNeeded(Call call) {
        return logins.users().isEmpty().map(none -> Reply.ok(new JsonObject().put("needed", none)));
    }

    /** Creates the first user, who is a global admin. */
    private Future<Reply> setup(Call call) {
        return create(call, call.body().copy().put("is_admin", true), logins.users()::createFirst);
    }

    private Future<Reply> create(Call call) {
        return create(call, call.body(), logins.users()::create);
    }

    private Future<Reply> create(Call call, JsonObject body, BiFunction<User, String, Future<Void>> store) {
        return slugs.roles(body.getJsonObject("roles")).compose(roles -> {
            User user = user(body, roles);
            call.subject(user.email());
            return logins.passwords()
                    .hash(Secret.of(body.getString("password")))
                    .compose(hash -> store.apply(user, hash))
                    .compose(stored -> view(user))
                    .map(Reply::created);
        });
    }

    private User user(JsonObject body, @Nullable Map<String, Role> roles) {
        return new User(
                UUID.randomUUID().toString(),
                SessionRoutes.email(body),
                body.getString("display_name"),
                body.getBoolean("is_admin", false),
                false,
                Objects.requireNonNullElse(roles, Map.of()),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                null);
    }

    private Future<Reply> list(Call call) {
        return logins.users().list(call.cursor(), call.limit()).compose(page -> {
            Set<String> projects = new HashSet<>();
            page.items().forEach(user -> projects.addAll(user.roles().keySet()));
            return slugs.of(projects)
                    .map(names -> Reply.page(page.items(), page.nextCursor(), user -> PeopleJson.user(user, names)));
        });
    }

    private Future<Reply> get(Call call) {
        return find(call.path("id")).compose(this::view).map(Reply::ok);
    }

    /**
     * Changes a user. A new password or disabling the user ends the user's sessions in the store at once. Afterwards
     * all nodes are notified, so that they close open sockets of these sessions.
     */
    private Future<Reply> update(Call call) {
        JsonObject body = call.body();
        String id = call.path("id");
        boolean ends = body.containsKey("password") || body.getBoolean("disabled", false);
        return find(id).compose(before -> {
                    call.subject(before.email());
                    return slugs.roles(body.getJsonObject("roles"));
                })
                .compose(roles -> hash(body).compose(hash -> logins.users().update(id, change(body, roles, hash))))
                .compose(known -> {
                    if (!known) {
                        throw unknown();
                    }
                    SessionRoutes.notifyChanged(nodes, id);
                    return ends ? endSessions(id) : Future.succeededFuture();
                })
                .compose(done -> find(id))
                .compose(this::view)
                .map(Reply::ok);
    }

    private static UserStore.Change change(
            JsonObject body, @Nullable Map<String, Role> roles, @Nullable String passwordHash) {
        return new UserStore.Change(
                body.containsKey("display_name")
                        ? Objects.requireNonNullElse(body.getString("display_name"), "")
                        : null,
                body.getBoolean("is_admin"),
                body.getBoolean("disabled"),
                roles,
                passwordHash);
    }

    private Future<@Nullable String> hash(JsonObject body) {
        String password = body.getString("password");
        return password == null
                ? Future.succeededFuture(null)
                : logins.passwords().hash(Secret.of(password)).map(hash -> hash);
    }

    private Future<Reply> delete(Call call) {
        String id = call.path("id");
        return find(id).compose(user -> {
                    call.subject(user.email());
                    return logins.users().delete(id);
                })
                .compose(known -> {
                    if (!known) {
                        throw unknown();
                    }
                    SessionRoutes.notifyChanged(nodes, id);
                    return endSessions(id);
                })
                .map(done -> Reply.noContent());
    }

    /**
     * Changes the caller's own password, which requires the current one. All sessions of the caller end, including the
     * one that made this request.
     */
    private Future<Reply> changePassword(Call call) {
        JsonObject body = call.body();
        Principal me = call.principal();
        String address = source.address(call.context().request());
        if (me.kind() != Principal.Kind.USER) {
            throw new GanglionException(ErrorCode.FORBIDDEN, "an API key has no password; log in as a user");
        }
        return logins.throttle()
                .attempt(me.name(), address)
                .compose(admitted -> logins.users().byEmail(me.name()))
                .map(found -> found.orElseThrow(UserRoutes::unknown))
                .compose(own ->
                        logins.passwords().verify(Secret.of(body.getString("current_password")), own.passwordHash()))
                .compose(right -> {
                    if (!right) {
                        throw new GanglionException(
                                ErrorCode.VALIDATION_FAILED, "current_password: wrong password", "current_password");
                    }
                    return logins.throttle().succeeded(me.name(), address);
                })
                .compose(done -> hash(body))
                .compose(hash -> logins.users().update(me.id(), change(new JsonObject(), null, hash)))
                .compose(done -> endSessions(me.id()))
                .map(done -> Reply.noContent());
    }

    private Future<Void> endSessions(String userId) {
        return logins.sessions().endAll(userId).map(ended -> {
            SessionRoutes.notifyEnded(nodes, ended);
            return null;
        });
    }

    private Future<User> find(String id) {
        return logins.users().find(id).map(user -> user.orElseThrow(UserRoutes::unknown));
    }

    private Future<JsonObject> view(User user) {
        return slugs.of(user.roles().keySet()).map(names -> PeopleJson.user(user, names));
    }

    private static GanglionException unknown() {
        return new GanglionException(ErrorCode.NOT_FOUND, "no user has this id", "id");
    }
}
