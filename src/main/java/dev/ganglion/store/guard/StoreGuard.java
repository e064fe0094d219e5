package dev.ganglion.store.guard;

import dev.ganglion.config.value.Durability;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.store.guard.IdentityProbe.Difference;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.StoreCheck;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a Redis that lost its data, was replaced by another one, or no longer keeps its writes as promised. While it
 * refuses Redis, the node behaves as if Redis were unreachable: it is not ready, acks nothing and answers 503. So it
 * tells no agent that its token is unknown.
 *
 * <p>Every connection passes the check before a call uses it. The node also checks its open connections, see {@link
 * StoreWatch}. The node recovers automatically as soon as Redis has its data and its settings again. The guard accepts every
 * store until it knows the identity that it should have. Thread-safe.
 */
public final class StoreGuard implements StoreCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StoreGuard.class);

    private final DurabilityCheck durability;
    private volatile Consumer<String> onAccepted = id -> {};
    private volatile @Nullable String expected;
    private volatile @Nullable StoreFault otherStore;
    private volatile @Nullable StoreFault notDurable;

    public StoreGuard(Durability durability) {
        this.durability = new DurabilityCheck(durability);
    }

    /** Sets the identity that the store must have from now on. */
    public void expect(String identity) {
        expected = identity;
    }

    /** Sets an action that receives the identity of a store that an operator accepted in place of the expected one. */
    public void onAccepted(Consumer<String> action) {
        onAccepted = action;
    }

    /** The identity that the store must have; empty until it is known. */
    public Optional<String> identity() {
        return Optional.ofNullable(expected);
    }

    @Override
    public Optional<StoreFault> refusal() {
        StoreFault other = otherStore;
        return Optional.ofNullable(other != null ? other : notDurable);
    }

    @Override
    public Future<Void> check(Masters masters) {
        if (expected == null) {
            return Future.succeededFuture();
        }
        return confirm(masters)
                .compose(same -> durability.run(masters, notDurable != null))
                .compose(lack -> {
                    StoreFault fault = lack.map(found -> StoreFault.of(Reason.NOT_DURABLE, found.detail())
                                    .at(found.server()))
                            .orElse(null);
                    notDurable = fault;
                    return outcome(fault);
                });
    }

    @Override
    public Future<Void> confirm(Masters masters) {
        String wanted = expected;
        if (wanted == null) {
            return Future.succeededFuture();
        }
        return IdentityProbe.compare(masters, wanted)
                .compose(difference ->
                        difference.isEmpty() || difference.get().other().isEmpty()
                                ? Future.succeededFuture(difference)
                                : accepted(masters, wanted, difference.get()))
                .compose(difference -> {
                    StoreFault fault =
                            difference.map(found -> fault(wanted, found)).orElse(null);
                    otherStore = fault;
                    return outcome(fault);
                });
    }

    /** Adopts another identity if the store says that an operator accepted it in place of the expected one. */
    private Future<Optional<Difference>> accepted(Masters masters, String wanted, Difference difference) {
        String other = difference.other().orElseThrow();
        return masters.send(Request.cmd(Command.SMEMBERS).arg(RedisKeys.REPLACES))
                .compose(replaces -> !Replies.texts(replaces).contains(wanted)
                        ? Future.succeededFuture(Optional.of(difference))
                        : IdentityProbe.compare(masters, other).onSuccess(left -> {
                            if (left.isEmpty()) {
                                adopt(wanted, other);
                            }
                        }));
    }

    private void adopt(String wanted, String other) {
        synchronized (this) {
            if (!wanted.equals(expected)) {
                return; // another connection was faster
            }
            expected = other;
        }
        LOG.atWarn()
                .addKeyValue("store", other)
                .addKeyValue("replaces", wanted)
                .log("An operator accepted this store in place of the one that this node served");
        onAccepted.accept(other);
    }

    private static StoreFault fault(String wanted, Difference difference) {
        String remedy = "; restore its data, or accept the loss with `ganglion store accept --replaces " + wanted + "`";
        String detail = difference
                .other()
                .filter(other -> !other.equals(wanted))
                .map(other -> "holds store " + other + " instead of " + wanted)
                .orElse("has lost data of store " + wanted);
        return StoreFault.of(Reason.OTHER_STORE, detail + remedy).at(difference.server());
    }

    private static Future<Void> outcome(@Nullable StoreFault fault) {
        return fault == null ? Future.succeededFuture() : Future.failedFuture(new StoreFaultException(fault, null));
    }
}
