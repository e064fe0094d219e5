package dev.ganglion.store;

import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.audit.AuditChain;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.guard.StoreIdentity;
import dev.ganglion.store.people.PeopleStores;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Shows and accepts the store in Redis for commands that run without a node. */
public final class StoreAdministration {
    private static final String COMMAND = "ganglion store accept";

    private final GanglionConfig config;
    private final Clock clock;
    private final SharedLine line;
    private final StoreIdentity identity;

    /** Creates an administration that is not yet connected. */
    public StoreAdministration(Vertx vertx, GanglionConfig config, Clock clock, Ticker ticker) {
        this.config = config;
        this.clock = clock;
        this.line = new SharedLine(
                vertx,
                new RedisLine(vertx, new RedisServers(vertx, config.redis()), "store", ticker),
                vertx.getOrCreateContext(),
                ticker);
        this.identity = new StoreIdentity(line);
    }

    /** Connects to Redis. Retries until the connection succeeds. */
    public Future<Void> open() {
        return line.start();
    }

    /** Reads the identity of the store. */
    public Future<StoreIdentity.State> read() {
        return identity.read();
    }

    /**
     * Accepts what Redis holds now, as {@link StoreIdentity#accept} does. Records that in the audit.
     *
     * @param replaced identity of the store that nodes served before; empty for {@code redis.store-id}
     * @return the identity from now on
     */
    public Future<String> accept(Optional<String> replaced) {
        return identity.accept(replaced.or(() -> config.redis().storeId()))
                .compose(id -> new RedisProjects(line, (project, shards) -> Future.succeededFuture())
                        .markShards()
                        .compose(done -> record(id))
                        .map(id));
    }

    private Future<Void> record(String id) {
        MasterSecrets masters = new MasterSecrets(
                config.security().requiredMasterSecret(), config.security().previousSecrets());
        AuditTrail trail = new AuditTrail(
                new PeopleStores(line, config.security().auth()).audit(),
                new AuditChain(masters),
                config.security().auth().auditRecords());
        return trail.append(new AuditRecord(
                UUID.randomUUID().toString(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                AuditRecord.Actor.commandLine(COMMAND),
                "acceptStore",
                new AuditRecord.Scope("", "", ""),
                new AuditRecord.Target("/store/" + id, null, null, null),
                AuditRecord.OK));
    }

    /** Disconnects from Redis. */
    public Future<Void> close() {
        return line.close();
    }
}
