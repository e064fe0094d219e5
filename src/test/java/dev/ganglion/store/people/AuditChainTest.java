package dev.ganglion.store.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.audit.AuditChain;
import dev.ganglion.auth.audit.AuditChain.End;
import dev.ganglion.auth.audit.AuditChain.Link;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.audit.AuditVerifier;
import dev.ganglion.config.value.Secret;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that an attacker who can write to Redis but has no master secret cannot change the audit unnoticed. */
class AuditChainTest extends AuditTests {
    private static final String STREAM = RedisKeys.People.AUDIT;
    private static final String ENDS = RedisKeys.People.AUDIT_ENDS;

    @BeforeEach
    void givenTenRecords() {
        write(trail(), 10);
        assertThat(faults()).isEmpty();
    }

    private static String[] entry(int seq) {
        return redis.call("XRANGE", STREAM, seq + "-0", seq + "-0").split("\n");
    }

    /** Replaces the stream with a copy in which some entries are changed. A null entry is left out. */
    private static void rewrite(IntFunction<String[]> each) {
        for (int seq = 1; seq <= 10; seq++) {
            String[] fields = each.apply(seq);
            if (fields != null) {
                redis.call(
                        "XADD", "{ganglion}:other", seq + "-0", "id", fields[2], "mac", fields[4], "record", fields[6]);
            }
        }
        redis.call("RENAME", "{ganglion}:other", STREAM);
    }

    @Test
    void reportsTheNumberOfRecordsAndTheHead() {
        AuditVerifier.Report report = verify(null);
        assertThat(report.records()).isEqualTo(10);
        assertThat(report.first()).isEqualTo(1);
        assertThat(report.head().seq()).isEqualTo(10);
    }

    @Test
    void acceptsAnEmptyAudit() {
        redis.flush();
        assertThat(faults()).isEmpty();
        assertThat(verify(null).records()).isZero();
    }

    @Test
    void findsAChangedRecord() {
        rewrite(seq -> {
            String[] fields = entry(seq);
            if (seq == 4) {
                fields[6] = fields[6].replace("ada@", "eve@");
            }
            return fields;
        });
        assertThat(faults()).containsExactly("record 4 was changed or replaced");
    }

    @Test
    void findsARemovedRecord() {
        redis.call("XDEL", STREAM, "4-0", "5-0");
        assertThat(faults()).containsExactly("records 4 to 5 are missing");
    }

    @Test
    void findsARemovedRecordWhenTheOthersAreRenumbered() {
        for (int seq = 1; seq <= 9; seq++) {
            String[] from = entry(seq < 4 ? seq : seq + 1);
            redis.call("XADD", "{ganglion}:other", seq + "-0", "id", from[2], "mac", from[4], "record", from[6]);
        }
        redis.call("RENAME", "{ganglion}:other", STREAM);
        redis.call("HSET", ENDS, "head_seq", "9");
        assertThat(faults()).isNotEmpty().first().asString().startsWith("record 4 was changed");
    }

    @Test
    void findsSwappedRecordsWithAndWithoutTheirMacs() {
        rewrite(seq -> entry(seq == 4 ? 5 : seq == 5 ? 4 : seq));
        assertThat(faults()).isNotEmpty().first().asString().startsWith("record 4 ");
        redis.flush();
        write(trail(), 10);
        rewrite(seq -> {
            String[] fields = entry(seq);
            if (seq == 4 || seq == 5) {
                fields[6] = entry(9 - seq)[6];
            }
            return fields;
        });
        assertThat(faults()).hasSize(2).allMatch(fault -> fault.matches("record [45] was changed.*"));
    }

    @Test
    void findsRecordsRemovedAtTheEnd() {
        redis.call("XDEL", STREAM, "9-0", "10-0");
        assertThat(faults()).containsExactly("records 9 to 10 are missing at the end");
    }

    @Test
    void findsRecordsRemovedAtTheEndWhenTheHeadIsMovedBack() {
        redis.call("XDEL", STREAM, "9-0", "10-0");
        redis.call("HSET", ENDS, "head_seq", "8", "head_mac", entry(8)[4]);
        assertThat(faults()).containsExactly("the mark of the end of the audit (record 8) was changed");
    }

    /** An old seal allows a roll back to its state. A head that was printed later reveals the roll back. */
    @Test
    void findsARollBackByAHeadThatWasPrintedLater() {
        Link head = verify(null).head();
        redis.flush();
        write(trail(), 8);
        assertThat(faults()).isEmpty();
        assertThat(verify(head).faults()).containsExactly("the chain does not contain the given head, record 10");
        redis.flush();
        write(trail(), 12);
        assertThat(verify(head).faults()).hasSize(1);
    }

    @Test
    void acceptsAnEarlierHeadAfterTheChainGrew() {
        Link head = verify(null).head();
        write(trail(), 3);
        assertThat(verify(head).faults()).isEmpty();
        assertThat(verify(new Link(head.seq(), "0".repeat(64))).faults()).hasSize(1);
    }

    @Test
    void findsRecordsRemovedAtTheBeginning() {
        redis.call("XDEL", STREAM, "1-0", "2-0");
        assertThat(faults()).containsExactly("records 1 to 2 are missing");
        redis.call("HSET", ENDS, "anchor_seq", "2", "anchor_mac", "0".repeat(64), "anchor_seal", "0".repeat(64));
        assertThat(faults()).anyMatch(fault -> fault.startsWith("the mark of the start of the audit"));
    }

    @Test
    void findsAForgedRecord() {
        redis.call("XADD", STREAM, "11-0", "id", "x", "mac", "0".repeat(64), "record", "{}");
        assertThat(faults())
                .containsExactly(
                        "record 11 was changed or replaced", "records 11 to 11 were added after the end of the chain");
    }

    @Test
    void reportsALostHeadAndAppendsNothing() {
        redis.call("DEL", ENDS);
        assertThat(faults()).isNotEmpty();
        assertThat(trail().append(record("late"))
                        .transform(done -> Future.succeededFuture(done.failed()))
                        .await())
                .isTrue();
        assertThat(entry(10)[6]).contains("r10");
    }

    @Test
    void rejectsAnotherSecretAndAcceptsThePreviousOne() {
        Secret other = Secret.of("the master secret that came after it, as long");
        AuditChain stranger = new AuditChain(new MasterSecrets(other, List.of()));
        AuditChain rotated = new AuditChain(new MasterSecrets(other, List.of(SECRET)));

        assertThat(await(new AuditVerifier(audit, stranger, null).verify()).faults())
                .hasSizeGreaterThan(9);
        AuditTrail next = new AuditTrail(audit, rotated, KEPT);
        write(next, 2);
        assertThat(await(new AuditVerifier(audit, rotated, null).verify()).faults())
                .isEmpty();
        assertThat(faults()).as("with only the previous secret").isNotEmpty();
    }

    @Test
    void aSealIsValidForOneEndAndOnePosition() {
        Link link = new Link(3, "ab");
        String seal = CHAIN.seal(End.HEAD, link);
        assertThat(CHAIN.isSealed(End.HEAD, link, seal)).isTrue();
        assertThat(CHAIN.isSealed(End.ANCHOR, link, seal)).isFalse();
        assertThat(CHAIN.isSealed(End.HEAD, new Link(4, "ab"), seal)).isFalse();
    }
}
