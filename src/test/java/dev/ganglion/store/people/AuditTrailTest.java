package dev.ganglion.store.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.audit.AuditRecord;
import dev.ganglion.auth.audit.AuditStore.Entry;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.audit.AuditVerifier;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Tests audit records that several nodes append. A Redis Cluster runs the same tests. */
public class AuditTrailTest extends AuditTests {
    private static List<String> records() {
        return await(audit.page(null, null, 500)).items().stream()
                .map(Entry::record)
                .toList();
    }

    /** Four nodes write at the same time. No record is lost or stored twice, and the chain does not fork. */
    @Test
    void concurrentNodesWriteOneChain() {
        List<Future<?>> all = new ArrayList<>();
        List<AuditTrail> nodes = List.of(trail(), trail(), trail(), trail());
        Set<String> subjects = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            for (int node = 0; node < nodes.size(); node++) {
                String subject = node + "/" + i;
                subjects.add(subject);
                all.add(nodes.get(node).append(record(subject)));
            }
        }
        Future.all(all).await();

        AuditVerifier.Report report = verify(null);
        assertThat(report.faults()).isEmpty();
        assertThat(report.records()).isEqualTo(400);
        assertThat(records()).hasSize(400).allSatisfy(record -> {
            String subject = record.replaceAll(".*\"subject\":\"([^\"]+)\".*", "$1");
            assertThat(subjects.remove(subject)).as(subject).isTrue();
        });
    }

    @Test
    void closesTheOpenRecordWhenTheFinalRecordIsAppended() {
        AuditTrail trail = trail();
        AuditRecord change = record("done");
        await(trail.begin(change));
        assertThat(await(audit.openRecords())).containsOnlyKeys(change.id());
        await(trail.append(change));
        assertThat(await(audit.openRecords())).isEmpty();
        await(trail.settle(Instant.now().plus(AuditTrail.LOST_AFTER).plusSeconds(60)));
        assertThat(records()).hasSize(1);
    }

    @Test
    void recordsTheChangeOfADeadNodeOnceAsUnknown() {
        AuditTrail dead = trail();
        await(dead.begin(
                record("lost", Instant.now().minus(AuditTrail.LOST_AFTER).minusSeconds(1))));
        await(dead.begin(record("under way", Instant.now())));

        Future.all(trail().settle(Instant.now()), trail().settle(Instant.now()), trail().settle(Instant.now()))
                .await();

        assertThat(records()).hasSize(1).first().asString().contains("\"outcome\":\"unknown\"", "/projects/p/agents");
        assertThat(await(audit.openRecords())).hasSize(1);
        assertThat(faults()).isEmpty();
    }

    @Test
    void trimsTheOldestRecordsAndKeepsTheChainValid() {
        AuditTrail small = new AuditTrail(audit, CHAIN, 100);
        write(small, 130);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(redis.call("XLEN", RedisKeys.People.AUDIT)).matches("10[0-5]"));
        AuditVerifier.Report report = verify(null);

        assertThat(report.faults()).isEmpty();
        assertThat(report.head().seq()).isEqualTo(130);
        assertThat(report.first()).isEqualTo(131 - report.records());
        redis.call("XDEL", RedisKeys.People.AUDIT, report.first() + "-0");
        assertThat(faults()).containsExactly("record " + report.first() + " is missing");
    }

    @Test
    void appendsAfterTheStoreLostAllRecords() {
        AuditTrail trail = trail();
        write(trail, 5);
        redis.flush();
        await(trail.append(record("after")));
        assertThat(faults()).isEmpty();
        assertThat(records()).hasSize(1);
    }
}
