package dev.ganglion.store.guard;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity of the store: a random id that the first node writes into an empty Redis, with marks on every part of it.
 * Replicas and backups hold the same identity.
 *
 * <p>The id is written before the marks, and {@link RedisKeys#MARKED} after them. Readers read in the opposite order.
 * So several nodes may create the identity at the same time, and a store without {@code MARKED} is new, or comes from a
 * version that wrote no marks.
 */
public final class StoreIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(StoreIdentity.class);

    private final SharedLine line;

    public StoreIdentity(SharedLine line) {
        this.line = line;
    }

    /**
     * What Redis holds.
     *
     * @param id identity; null if Redis holds none
     * @param marked whether all marks were written once
     * @param missing number of marks that Redis does not hold
     * @param others identities on the marks that differ from {@code id}
     * @param replaces identities in whose place an operator accepted this store
     */
    public record State(@Nullable String id, boolean marked, int missing, Set<String> others, Set<String> replaces) {
        /** Whether Redis holds no trace of a store. */
        public boolean isEmpty() {
            return id == null && !marked && missing == Marks.COUNT;
        }

        /** Whether every part of Redis holds the same identity. */
        public boolean isComplete() {
            return id != null && marked && missing == 0 && others.isEmpty();
        }
    }

    /** Reads the identity and all marks. */
    public Future<State> read() {
        return line.send(get(RedisKeys.MARKED))
                .compose(marked -> marks().compose(marks -> line.send(get(RedisKeys.IDENTITY))
                        .compose(id -> line.send(Request.cmd(Command.SMEMBERS).arg(RedisKeys.REPLACES))
                                .map(replaces -> state(text(id), marked != null, marks, replaces)))));
    }

    private static State state(@Nullable String id, boolean marked, List<Response> marks, Response replaces) {
        Set<String> others = new HashSet<>();
        int missing = 0;
        for (Response mark : marks) {
            if (mark == null) {
                missing++;
            } else if (!mark.toString().equals(id)) {
                others.add(mark.toString());
            }
        }
        return new State(id, marked, missing, others, new HashSet<>(Replies.texts(replaces)));
    }

    /**
     * Returns the identity of the store, which this method creates in an empty Redis. Fails with {@code
     * store_misconfigured} if a part of the store is missing, or if this is not the required store.
     *
     * @param required identity that the store must have, or replace; empty for any
     */
    public Future<String> learn(Optional<String> required) {
        return read().compose(state -> {
            if (required.isPresent() && !required.get().equals(state.id())) {
                if (state.id() == null || !state.replaces().contains(required.get())) {
                    return Future.failedFuture(notTheRequired(required.get(), state));
                }
                LOG.warn(
                        "An operator accepted store {} in place of redis.store-id {}; set redis.store-id to the new id",
                        state.id(),
                        required.get());
            }
            if (state.isComplete()) {
                return Future.succeededFuture(state.id());
            } else if (!state.others().isEmpty() || state.marked()) {
                return Future.failedFuture(incomplete(state));
            }
            return create();
        });
    }

    private Future<String> create() {
        return line.sendDurably(List.of(
                        Request.cmd(Command.SET)
                                .arg(RedisKeys.IDENTITY)
                                .arg(UUID.randomUUID().toString())
                                .arg("NX"),
                        get(RedisKeys.IDENTITY)))
                .map(replies -> replies.get(1).toString())
                .compose(id -> mark(id, true).compose(done -> seal(id)).map(id));
    }

    private Future<Void> mark(String id, boolean onlyMissing) {
        List<Request> requests = new ArrayList<>();
        for (String key : Marks.KEYS) {
            Request request = Request.cmd(Command.SET).arg(key).arg(id);
            requests.add(onlyMissing ? request.arg("NX") : request);
        }
        return line.sendDurably(requests).mapEmpty();
    }

    private Future<Void> seal(String id) {
        return line.sendDurably(Request.cmd(Command.SET).arg(RedisKeys.MARKED).arg(id))
                .mapEmpty();
    }

    /**
     * Accepts what Redis holds now as the store, although it lost data or is another store. Gives an empty Redis a new
     * identity, and writes missing marks.
     *
     * @param replaced identity of the store that nodes served before; empty if Redis lost only parts of it
     * @return the identity from now on
     */
    public Future<String> accept(Optional<String> replaced) {
        return read().compose(state -> {
            boolean nothingToDo = replaced.isEmpty() && (state.isEmpty() || state.isComplete());
            if (nothingToDo) {
                return Future.failedFuture(new GanglionException(
                        ErrorCode.INVALID_REQUEST,
                        (state.isEmpty() ? "Redis is empty" : "Redis holds store " + state.id() + " as a whole")
                                + "; name the store that the nodes served before with --replaces"));
            }
            Set<String> before = new HashSet<>(state.others());
            replaced.ifPresent(before::add);
            String id = accepted(state);
            before.remove(id);
            return line.sendDurably(
                            Request.cmd(Command.SET).arg(RedisKeys.IDENTITY).arg(id))
                    .compose(done -> mark(id, false))
                    .compose(done -> seal(id))
                    .compose(done -> replace(before))
                    .map(id);
        });
    }

    /** A Redis Cluster that lost only the key of the identity keeps the identity of its marks. */
    private static String accepted(State state) {
        if (state.id() != null) {
            return state.id();
        }
        return state.others().size() == 1
                ? state.others().iterator().next()
                : UUID.randomUUID().toString();
    }

    private Future<Void> replace(Set<String> before) {
        if (before.isEmpty()) {
            return Future.succeededFuture();
        }
        Arguments arguments = Arguments.of(Command.SADD).add(RedisKeys.REPLACES);
        before.forEach(arguments::add);
        return line.sendDurably(arguments.request()).mapEmpty();
    }

    private Future<List<Response>> marks() {
        return line.batch(Marks.KEYS.stream().map(StoreIdentity::get).toList());
    }

    private static Request get(String key) {
        return Request.cmd(Command.GET).arg(key);
    }

    private static @Nullable String text(@Nullable Response reply) {
        return reply == null ? null : reply.toString();
    }

    private static GanglionException notTheRequired(String required, State state) {
        String found = state.isEmpty()
                ? "Redis is empty"
                : state.id() == null ? "Redis has lost its identity" : "Redis holds store " + state.id();
        return new GanglionException(
                ErrorCode.STORE_MISCONFIGURED,
                "redis.store-id: " + found + ", but this node may only serve store " + required
                        + "; restore the data of that store, or accept this one with `ganglion store accept --replaces "
                        + required + "`");
    }

    private static GanglionException incomplete(State state) {
        return new GanglionException(
                ErrorCode.STORE_MISCONFIGURED,
                "Redis has lost a part of its data: " + state.missing() + " of " + Marks.COUNT
                        + " marks are missing" + (state.id() == null ? ", and the identity too" : "")
                        + (state.id() == null || state.others().isEmpty()
                                ? ""
                                : ", and others belong to another store (" + String.join(", ", state.others()) + ")")
                        + "; restore the data, or accept the loss with `ganglion store accept`");
    }
}
