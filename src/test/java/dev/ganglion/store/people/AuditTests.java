package dev.ganglion.store.people;

import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.audit.AuditChain;
import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.audit.AuditVerifier;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.Secret;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sets up an audit in its own Redis. */
@Timeout(60)
abstract class AuditTests {
    static final Secret SECRET = Secret.of("a master secret of these tests, long enough");
    static final AuditChain CHAIN = new AuditChain(new MasterSecrets(SECRET, List.of()));
    static final int KEPT = 100_000;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    static AuditStore audit;
    static AuditLog log;

    private static Vertx vertx;

    @BeforeAll
    static void connect() {
        vertx = Vertx.vertx();
        RedisConfig config = GanglionConfig.with(
                        Map.of("redis.uri", redis.connectionString().value()))
                .redis();
        AuditReader reader = new AuditReader(vertx, config, Ticker.system());
        audit = await(reader.open());
        log = reader.log(audit);
    }

    @AfterAll
    static void close() {
        Void unused = await(vertx.close());
    }

    @BeforeEach
    void givenAnEmptyAudit() {
        redis.flush();
    }

    static AuditTrail trail() {
        return new AuditTrail(audit, CHAIN, KEPT);
    }

    static AuditRecord record(String subject) {
        return record(subject, Instant.now());
    }

    static AuditRecord record(String subject, Instant time) {
        return new AuditRecord(
                UUID.randomUUID().toString(),
                time,
                new AuditRecord.Actor("user", "u", "ada@example.org"),
                "createAgent",
                new AuditRecord.Scope("192.0.2.1", "r", "node"),
                new AuditRecord.Target("/projects/p/agents", subject, "p-id", "p"),
                AuditRecord.OK);
    }

    /** Appends a number of records with the subjects r1, r2, … */
    static void write(AuditTrail trail, int count) {
        for (int i = 1; i <= count; i++) {
            await(trail.append(record("r" + i)));
        }
    }

    /** Appends a number of records in few calls, at most as many as may wait at a time. */
    static void writeAtOnce(int count) {
        AuditTrail trail = trail();
        List<Future<Void>> all = IntStream.rangeClosed(1, count)
                .mapToObj(i -> trail.append(record("r" + i)))
                .toList();
        CompositeFuture unused = await(Future.all(all));
    }

    static AuditVerifier.Report verify(AuditChain.@Nullable Link remembered) {
        return await(new AuditVerifier(audit, CHAIN, remembered).verify());
    }

    static List<String> faults() {
        return verify(null).faults();
    }

    static <T> T await(Future<T> future) {
        return future.await();
    }
}
